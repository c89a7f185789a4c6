"""Signing in on a page of another site, in a browser that blocks the cookies of third parties."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Frame, Page, Playwright, expect

from tests.browser.host import Host
from tests.browser.launching import launched
from tests.serving import gentie, serving

pytestmark = pytest.mark.browser

AXE = Path(__file__).parents[2] / "widget" / "node_modules" / "axe-core" / "axe.min.js"
RULES = "{runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']}"
NO_THIRD_PARTIES = "--test-third-party-cookie-phaseout"
PASSWORD = "several plain words"
OPEN_FRAME = """(address) => new Promise((done) => {
  const frame = document.createElement("iframe");
  frame.onload = () => done();
  frame.src = address;
  document.querySelector("#frames").append(frame);
})"""
EXCHANGE = """async ([code, verifier]) => (await fetch("/api/v1/session/exchange", {
  method: "POST",
  headers: { "content-type": "application/json", "x-gentie-frame": "1" },
  body: JSON.stringify({ code, code_verifier: verifier }),
})).status"""
WHO = """async () => (await fetch("/api/v1/session", {
  headers: { "x-gentie-frame": "1" }, cache: "no-store" })).status"""
ASK = """async (site) => {
  const base64 = (bytes) => btoa(String.fromCharCode(...new Uint8Array(bytes)))
    .replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
  const verifier = base64(crypto.getRandomValues(new Uint8Array(32)));
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(verifier));
  const state = base64(crypto.getRandomValues(new Uint8Array(16)));
  const query = new URLSearchParams({ site, state, mode: "frame", origin: location.origin,
    code_challenge: base64(digest) });
  window.code = new Promise((done) => addEventListener("message", (event) => {
    if (event.origin === location.origin && event.data.state === state) done(event.data.code);
  }));
  window.open(`/account/connect?${query}`, "gentie", "popup,width=480,height=720");
  return verifier;
}"""


@dataclass(frozen=True)
class Town:
    service: str
    host: Host


@pytest.fixture(scope="module")
def blocking(playwright: Playwright) -> Iterator[Browser]:
    """A Chromium of our own: what is blocked is said when it starts."""
    with launched(playwright, NO_THIRD_PARTIES) as browser:
        yield browser


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    data = tmp_path_factory.mktemp("town") / "news"
    with Host() as host, serving(data) as (_, service):
        made = gentie(
            *("site", "add", "lab", "--data", data, "--name", "Lab"),
            *("--assessment", "a-1", "--origin", host.origin),
        )
        assert made.returncode == 0, made.stderr
        host.show(service, "lab")
        yield Town(service, host)


@pytest.fixture
def page(blocking: Browser, town: Town) -> Iterator[Page]:
    context = blocking.new_context(locale="en-GB")
    page = context.new_page()
    page.goto(town.host.origin)
    page.locator("body[data-ready]").wait_for()
    yield page
    context.close()


def sign_up(window: Page, name: str) -> None:
    window.wait_for_load_state("domcontentloaded")
    window.get_by_role("link", name="Sign up").click()
    window.get_by_label("Name that others see").fill(name)
    window.locator("#password").fill(PASSWORD)
    window.get_by_role("button", name="Sign up").click()
    window.get_by_role("link", name="Read and accept the agreement").click()
    window.locator("form[action='/account/agreement'] button").last.click()
    window.get_by_role("button", name=f"Go on as {name}").wait_for()


def test_a_window_and_one_code(page: Page) -> None:
    with page.expect_popup() as opened:
        page.get_by_role("button", name="Sign in").click()
    window = opened.value
    sign_up(window, "harbour light")
    with window.expect_event("close"):
        window.get_by_role("button", name="Go on as harbour light").click()
    expect(page.locator("#said")).to_have_text('{"name":"harbour light","state":"held"}')

    page.reload()
    page.locator("body[data-ready]").wait_for()
    with page.expect_popup() as opened:  # known by now: the window asks nothing and closes
        page.get_by_role("button", name="Sign in").click()
    expect(page.locator("#said")).to_have_text('{"name":"harbour light","state":"held"}')


def test_a_no_is_handed_over_too(page: Page) -> None:
    with page.expect_popup() as opened:
        page.get_by_role("button", name="Sign in").click()
    window = opened.value
    sign_up(window, "quiet heron")
    with window.expect_event("close"):
        window.get_by_role("button", name="Not now").click()
    expect(page.locator("#said")).to_have_text('{"declined":true}')


def test_without_a_window_the_tab_goes_and_comes_back(page: Page, town: Town) -> None:
    page.goto(page.evaluate("asked('redirect').then((way) => way.address)"))
    sign_up(page, "night ferry")
    page.get_by_role("button", name="Go on as night ferry").click()

    expect(page.locator("#said")).to_have_text('{"name":"night ferry","state":"held"}')
    assert page.url == f"{town.host.origin}/"


def test_another_origin_gets_no_window_that_helps(page: Page, town: Town) -> None:
    other = town.host.origin.replace("localhost", "other.localhost")
    page.goto(other)
    page.locator("body[data-ready]").wait_for()
    with page.expect_popup() as opened:
        page.get_by_role("button", name="Sign in").click()
    opened.value.wait_for_load_state("domcontentloaded")

    expect(opened.value.locator("main")).to_contain_text("may not ask people to sign in")
    assert page.evaluate("seen") == []


def test_a_frame_keeps_its_cookie_where_third_parties_have_none(page: Page, town: Town) -> None:
    frame = framed(page, town)
    with page.expect_popup() as opened:
        verifier = frame.evaluate(ASK, "lab")
    window = opened.value
    sign_up(window, "tin kettle")
    with window.expect_event("close"):
        window.get_by_role("button", name="Go on as tin kettle").click()
    assert frame.evaluate(EXCHANGE, [frame.evaluate("window.code"), verifier]) == 200
    assert frame.evaluate(WHO) == 200

    page.reload()
    page.locator("body[data-ready]").wait_for()
    assert framed(page, town).evaluate(WHO) == 200
    page.goto(town.service + "/rules/lab")
    assert page.evaluate(WHO) == 401


def framed(page: Page, town: Town) -> Frame:
    address = f"{town.service}/embed/frame/lab/page"
    page.evaluate(OPEN_FRAME, address)
    frame = next(one for one in page.frames if one.url == address)
    page.wait_for_function("seen.some(([, said]) => said.type === 'gentie:height')")
    return frame


def test_the_account_page_is_in_nobodys_frame(page: Page, town: Town) -> None:
    page.evaluate(OPEN_FRAME, f"{town.service}/account/sign-in")

    assert all("/account/" not in one.url for one in page.frames)


@pytest.mark.parametrize(("scheme", "lang"), [("light", "zh-CN"), ("dark", "en-GB")])
def test_its_pages_stand_in_nobodys_way(
    blocking: Browser, town: Town, lang: str, scheme: str
) -> None:
    context = blocking.new_context(
        locale=lang,
        color_scheme="dark" if scheme == "dark" else "light",
        bypass_csp=True,
        viewport={"width": 390, "height": 844},
    )
    page = context.new_page()
    page.goto(town.host.origin)
    page.locator("body[data-ready]").wait_for()
    connect = page.evaluate("way.address")
    page.goto(f"{town.service}/account/sign-up")
    page.locator("#name").fill(f"reader {lang} {scheme}")
    page.locator("#password").fill(PASSWORD)
    page.locator("main button").first.click()
    page.goto(f"{town.service}/account/people")
    page.locator("button[value='24']").click()
    page.locator("a[href^='/account/evidence/']").wait_for()
    for place in (f"{town.service}/account/people", f"{town.service}/account/sites", connect):
        page.goto(place)
        page.evaluate(AXE.read_text(encoding="utf-8"))
        found = page.evaluate(f"axe.run(document, {RULES})")
        assert [(one["id"], one["nodes"][0]["html"]) for one in found["violations"]] == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    context.close()
