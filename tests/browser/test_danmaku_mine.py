"""What somebody wrote over a video: theirs after a reload, and told when it is decided."""

from collections.abc import Iterator
from functools import partial

import httpx
import pytest
from playwright.sync_api import Browser, Page, Playwright, expect

from gentie.actions.identity.disconnect_site import disconnect_site
from gentie.decisions.model import Measure
from gentie.kernel.clock import utc_now
from gentie.sites.model import Mode
from tests.browser.broadcast import HEARS, MOVES, PLAYS, Beside, look, row
from tests.browser.elsewhere import FILM, Elsewhere
from tests.browser.launching import launched
from tests.browser.test_centre import enter
from tests.browser.test_danmaku import SEEK, act, withdraw
from tests.browser.widget import DESK, until
from tests.demo_newsroom import DemoServer
from tests.newsroom import DAILY
from tests.serving import gentie

pytestmark = pytest.mark.browser

TEXT = "加微信 shouwanyun88 领河灯"
BACK = "() => document.dispatchEvent(new Event('visibilitychange'))"
"""As when somebody comes back to the tab."""


@pytest.fixture(scope="module")
def beside(demo_server: DemoServer) -> Beside:
    return Beside(demo_server)


@pytest.fixture
def visitor(demo_server: DemoServer, beside: Beside) -> Iterator[dict[str, str]]:
    """Says yes to the daily, and is asked again by the next test that goes there."""
    yield demo_server.people["commenter"]
    beside.act(partial(disconnect_site, site=DAILY, acting=beside.me, now=utc_now()))


@pytest.fixture
def page(chromium: Browser, demo_server: DemoServer) -> Iterator[Page]:
    context = chromium.new_context(viewport=DESK, locale="en-GB")
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    enter(page, demo_server)
    yield page
    context.close()
    assert complaints == []


@pytest.mark.clause("2017-2.2b", "2022-4.4b")
def test_a_line_that_waits_is_mine_after_a_reload_and_its_refusal_reaches_me(
    chromium: Browser, demo_server: DemoServer, beside: Beside, page: Page
) -> None:
    (line,) = beside.lines("film-7", TEXT, t_ms=70_000)
    page.goto(f"{demo_server.url}/demo/film-7?lang=en")
    mine = row(page, line)
    expect(mine).to_contain_text("In review: only you see it")
    page.evaluate(SEEK, 71)
    until(page, lambda: line in look(page)["shown"])
    found = look(page)
    assert found["count"] == len(found["rows"]) - 1
    in_thread = page.locator("gentie-thread article", has_text=TEXT)
    expect(in_thread).to_contain_text("Danmaku, at 01:10 of the video")
    expect(in_thread).to_contain_text("Waiting for review.")
    stranger = chromium.new_page()
    stranger.goto(f"{demo_server.url}/demo/film-7?lang=en")
    stranger.locator("gentie-danmaku .lines li").nth(40).wait_for(state="attached")
    assert line not in look(stranger)["rows"]
    stranger.close()

    decision = beside.decide(line, Measure.REFUSE)
    page.evaluate(BACK)
    expect(mine).to_contain_text("No advertising over the picture.")
    expect(mine).not_to_contain_text("In review")
    expect(page.locator("gentie-danmaku [role=status]").first).to_contain_text("is not shown")
    assert line not in look(page)["shown"]
    expect(in_thread).to_contain_text("No advertising over the picture.")
    reasons = mine.get_by_role("link", name="Reasons and appeal").get_attribute("href")
    assert reasons is not None
    with page.context.new_page() as told:
        told.goto(f"{demo_server.url}{reasons}" if reasons.startswith("/") else reasons)
        expect(told.locator("main")).to_contain_text("No advertising over the picture.")
        expect(told.locator("main")).to_contain_text("appeal")
    page.reload()
    expect(mine).to_contain_text("No advertising over the picture.")

    # Overturned, it is everybody's; and what the refusal cost is given back.
    path = f"/moderation/decisions/{decision}/reverse"
    act(demo_server, "moderator", path, {"source": "own"})
    page.evaluate(BACK)
    expect(mine).not_to_contain_text("No advertising")
    withdraw(demo_server, line)
    mine.wait_for(state="detached")


@pytest.mark.clause("2017-5.5d")
def test_a_removal_of_mine_says_why(demo_server: DemoServer, beside: Beside, page: Page) -> None:
    (line,) = beside.lines("film-7", "Lamps, two for one", t_ms=71_000)
    page.goto(f"{demo_server.url}/demo/film-7?lang=en")
    mine = row(page, line)
    expect(mine).to_have_class("own")
    removal = {"class": "spam", "facts": "An advertisement", "message": "Sold too loudly"}
    path = f"/moderation/comments/{line}/remove"
    removed = act(demo_server, "moderator", path, removal)
    expect(mine).to_contain_text("Removed.")
    expect(mine).to_contain_text("Sold too loudly")
    assert look(page)["count"] == len(look(page)["rows"]) - 1
    path = f"/moderation/decisions/{removed['decision']}/reverse"
    act(demo_server, "moderator", path, {"source": "own"})
    expect(mine).not_to_contain_text("Removed.")
    withdraw(demo_server, line)
    mine.wait_for(state="detached")


@pytest.mark.clause("2022-2.2")
def test_a_line_is_sent_from_another_site_after_signing_in_by_a_window(
    playwright: Playwright, demo_server: DemoServer, beside: Beside, visitor: dict[str, str]
) -> None:
    beside.film("afar", mode=Mode.PRE)
    me = visitor
    with (
        launched(playwright, "--test-third-party-cookie-phaseout") as blocking,
        Elsewhere(demo_server.url) as host,
    ):
        opened = gentie("site", "origin", "daily", "add", host.origin, "--data", demo_server.data)
        assert opened.returncode == 0, opened.stderr
        page = blocking.new_context(viewport=DESK, locale="en-GB").new_page()
        complaints: list[str] = []
        page.on("console", lambda message: complaints.append(message.text))
        page.goto(host.url("film", key="afar"))
        page.get_by_role("textbox", name="Write danmaku").fill("From across the river")
        with page.expect_popup() as opening:
            page.get_by_role("button", name="Send for review").click()
        window = opening.value
        window.locator("#name").fill(me["name"])
        window.locator("#password").fill(me["password"])
        window.get_by_role("button", name="Sign in").click()
        with window.expect_event("close"):
            window.get_by_role("button", name=f"Go on as {me['name']}").click()
        mine = page.locator("gentie-danmaku .lines li")
        expect(mine).to_contain_text("From across the river")
        expect(mine).to_contain_text("In review: only you see it")
        assert look(page)["count"] == 0
        kept = page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}])")
        assert "oken" not in kept

        line = look(page)["rows"][0]
        beside.decide(line, Measure.PUBLISH)
        expect(mine).not_to_contain_text("In review")
        until(page, lambda: look(page)["count"] == 1)
        assert complaints == []
    text = httpx.get(f"{demo_server.url}/t/daily/afar/danmaku?lang=en").text
    assert "From across the river" in text


@pytest.mark.clause("2017-7.1a")
def test_mine_goes_over_the_picture_whatever_is_left_out(
    demo_server: DemoServer, beside: Beside, page: Page
) -> None:
    beside.film("crowd", live=True)
    body = FILM.replace('<link rel="stylesheet" href="/page.css">', "")
    here = body.format(service=demo_server.url, site="daily", key="crowd", first="")
    page.route("**/crowd", lambda route: route.fulfill(body=here, content_type="text/html"))
    page.goto(f"{demo_server.url}/crowd")
    page.evaluate(PLAYS)
    page.wait_for_function(HEARS)
    page.wait_for_function(MOVES)
    page.get_by_role("textbox", name="Write danmaku").fill("Mine, among many")
    others = beside.lines("crowd", *(f"Rocket {n}" for n in range(60)), by="渡口的风")
    page.get_by_role("button", name="Send").click()
    mine = page.locator("gentie-danmaku .lines li.own")
    expect(mine).to_contain_text("Mine, among many")
    line = str(mine.get_attribute("id"))[3:]
    until(page, lambda: line in look(page)["shown"])
    until(page, lambda: len(look(page)["rows"]) == len(others) + 1)
    assert len(look(page)["shown"]) < len(others)
