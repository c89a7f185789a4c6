"""What a viewer of the demo's film sets, takes along and reaches by keyboard."""

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.test_danmaku import FILM, READY, SEEK, look, until_shown, watching
from tests.browser.widget import DESK, PHONE, require_accessible, until
from tests.demo_newsroom import DemoServer

pytestmark = pytest.mark.browser

PICTURE = """() => {
  const screen = document.querySelector("gentie-danmaku").shadowRoot
    .querySelector("gentie-dm-screen");
  const {lanes: {ground}, host, crossing} = screen.layer;
  const texts = [...host.shadowRoot.querySelectorAll("b")].map((one) => one.textContent);
  return {usable: ground.usable, lanes: ground.lanes, crossing, texts,
    size: host.style.getPropertyValue("--size"), opacity: host.style.opacity,
    modes: [...new Set([...screen.layer.items].map(({line}) => line.mode))].sort()};
}"""
AT = "() => document.querySelector('video').currentTime"


def picture(page: Page) -> dict[str, Any]:
    found: dict[str, Any] = page.evaluate(PICTURE)
    return found


@pytest.fixture
def page(chromium: Browser, demo_server: DemoServer) -> Iterator[Page]:
    with watching(chromium, demo_server) as page:
        yield page


def settings(page: Page) -> None:
    page.get_by_role("button", name="Settings").first.click()
    page.locator("gentie-danmaku .panel").wait_for()


def test_the_picture_is_as_a_viewer_wants_it(page: Page) -> None:
    page.evaluate(SEEK, 44)
    until_shown(page)
    before = picture(page)
    settings(page)
    for name, key in (
        ("Area of the picture", "End"),
        ("Speed", "End"),
        ("Size of the letters", "Home"),
        ("Opacity", "Home"),
    ):
        page.get_by_role("slider", name=name).press(key)
    after = picture(page)

    assert (before["usable"], after["usable"]) == (before["lanes"] // 2, after["lanes"])
    assert (before["crossing"], after["crossing"]) == (8000, 4000)
    assert (before["size"], after["size"]) == ("24px", "14px")
    assert (before["opacity"], after["opacity"]) == ("0.9", "0.2")
    page.reload()
    page.wait_for_function(READY)
    page.evaluate(SEEK, 44)
    until_shown(page)
    assert picture(page) == after


def test_modes_people_and_repetitions(page: Page, demo_server: DemoServer) -> None:
    lines = httpx.get(f"{demo_server.url}{FILM}.json").json()["danmaku"]
    top = next(one for one in lines if one["mode"] == "top")
    page.evaluate(SEEK, top["t_ms"] / 1000 + 0.5)
    until(page, lambda: "top" in picture(page)["modes"])
    settings(page)
    page.get_by_role("checkbox", name="Lines at the top").uncheck()
    until(page, lambda: "top" not in picture(page)["modes"])
    assert top["id"] in look(page)["rows"]

    page.evaluate(SEEK, 44)
    until(page, lambda: "原来如此 ×4" in picture(page)["texts"])
    page.get_by_role("checkbox", name="Show the same words once").uncheck()
    until(page, lambda: picture(page)["texts"].count("原来如此") == 4)

    until_shown(page)
    shown = look(page)["shown"][0]
    author = next(one["author"] for one in lines if one["id"] == shown)
    line = page.locator(f"gentie-dm-transcript [id='dm-{shown}']")
    line.get_by_role("button", name=f"Hide {author} from the picture").focus()
    page.keyboard.press("Enter")
    hidden = {one["id"] for one in lines if one["author"] == author}
    until(page, lambda: not hidden & set(look(page)["shown"]))
    assert hidden <= set(look(page)["rows"])
    people = page.get_by_label("People not to show, one in a row")
    expect(people).to_have_value(author)
    people.fill("")
    people.blur()
    until(page, lambda: shown in look(page)["shown"])


def test_bad_patterns_are_named_and_do_nothing(page: Page) -> None:
    page.evaluate(SEEK, 44)
    until_shown(page)
    settings(page)
    words = page.get_by_label("Words not to show, one in a row")
    words.fill("/(原+)+$/\n/" + "原" * 101 + "/")
    words.blur()
    expect(page.locator("gentie-danmaku .panel .no")).to_contain_text("(原+)+$")
    assert any(text.startswith("原来") for text in picture(page)["texts"])


def test_everything_can_be_taken_along(page: Page, demo_server: DemoServer) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    count = httpx.get(demo_server.url + FILM).json()["count"]
    page.get_by_role("button", name="Copy all").click()
    expect(page.locator("gentie-danmaku [role=status]").first).to_have_text("Copied.")
    copied = page.evaluate("() => navigator.clipboard.readText()")
    assert len(copied.splitlines()) == count
    taken = {}
    for ending in ("xml", "vtt", "json", "txt"):
        with page.expect_download() as coming:
            page.get_by_role("link", name=f"Download as {ending}").click()
        taken[ending] = coming.value.path().read_text(encoding="utf-8")
    assert taken["xml"].count("<d p=") == taken["vtt"].count(" --> ") == count
    assert json.loads(taken["json"])["count"] == count
    assert sum("\t" in row for row in taken["txt"].splitlines()) == count
    page.get_by_role("link", name="As a page of its own").click()
    page.wait_for_url("**/t/daily/film-7/danmaku")
    require_accessible(page)


def test_the_minutes_by_keyboard(page: Page) -> None:
    page.evaluate(SEEK, 10)
    first = page.locator("gentie-danmaku .strip button").first
    first.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    until(page, lambda: abs(page.evaluate(AT) - 60) < 0.1)
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Space")
    until(page, lambda: page.evaluate(AT) < 0.1)
    expect(page.get_by_role("button", name="Back to 01:00")).to_be_visible()


@pytest.mark.parametrize(("size", "most"), [(DESK, 120), (PHONE, 60)])
def test_a_flood_fills_the_picture_only_so_far(
    chromium: Browser, demo_server: DemoServer, size: Any, most: int
) -> None:
    rows = [[f"x{n}", 40_000 + n, "scroll", 0xFFFFFF, f"{n}", "Tide"] for n in range(900)]
    manifest = httpx.get(demo_server.url + FILM).json()
    part = {"n": 0, "rev": 999_999, "count": len(rows), "url": f"{FILM}/segments/0-999999.json"}
    answers: dict[str, object] = {
        f"**{FILM}": {**manifest, "count": len(rows), "segments": [part]},
        f"**{part['url']}": {**part, "rows": rows},
    }
    with watching(chromium, demo_server, size=size, answers=answers) as page:
        page.evaluate(SEEK, 41)
        until_shown(page)
        found = look(page)
        assert found["nodes"] <= most
        assert set(found["shown"]) < set(found["rows"])
        assert len(found["rows"]) == found["count"] == 900


@pytest.mark.clause("2017-5.4", "2022-4.3")
def test_it_does_not_begin_without_its_text(chromium: Browser, demo_server: DemoServer) -> None:
    context = chromium.new_context(viewport=DESK)
    page = context.new_page()
    page.add_init_script(
        "addEventListener('DOMContentLoaded', () => {"
        " document.querySelector('gentie-danmaku').style.visibility = 'hidden'; })"
    )
    page.goto(f"{demo_server.url}/demo/film-7?lang=en")
    page.wait_for_function(READY)
    page.evaluate(SEEK, 44)
    expect(page.locator("gentie-danmaku .state.refused")).to_contain_text("text version")
    assert look(page)["layer"] is None
    page.evaluate("document.querySelector('gentie-danmaku').style.visibility = ''")
    until_shown(page)
    context.close()
