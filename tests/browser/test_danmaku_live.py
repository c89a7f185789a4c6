"""A live broadcast on a page of another site: its lines come by the page's one stream."""

from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.broadcast import HEARS, MOVES, PLAYS, Beside, look, row
from tests.browser.cutting import Wire
from tests.browser.elsewhere import Elsewhere
from tests.browser.widget import DESK, until
from tests.demo_newsroom import DemoServer

pytestmark = pytest.mark.browser

SIGN = "There is a lot of danmaku"
FIRST = """(id) => document.querySelector("gentie-danmaku").shadowRoot
  .querySelector("gentie-dm-screen").layer.ids.includes(id)"""


@pytest.fixture(scope="module")
def beside(demo_server: DemoServer) -> Beside:
    return Beside(demo_server)


@contextmanager
def broadcast(chromium: Browser, service: str, key: str) -> Iterator[tuple[Page, list[str]]]:
    """The page of a film that plays and hears, and whatever it asked of the thread's API."""
    context = chromium.new_context(viewport=DESK, locale="en-GB")
    page = context.new_page()
    complaints: list[str] = []
    asked: list[str] = []
    page.on("pageerror", lambda fault: complaints.append(str(fault)))
    page.on("response", lambda one: asked.append(one.url.rpartition(f"/threads/{key}")[2]))
    with Elsewhere(service) as host:
        page.goto(host.url("watch", key=key))
        page.locator("gentie-danmaku .n").wait_for()
        page.locator("gentie-thread .thread").wait_for()
        page.evaluate(PLAYS)
        page.wait_for_function(HEARS)
        page.wait_for_function(MOVES)
        yield page, asked
        context.close()
    assert complaints == []


@pytest.mark.clause("2017-5.4", "2022-4.3", "2017-5.5d")
def test_lines_come_at_once_and_go_at_once(
    chromium: Browser, demo_server: DemoServer, beside: Beside
) -> None:
    beside.film("gala-1", live=True)
    with broadcast(chromium, demo_server.url, "gala-1") as (page, asked):
        (line,) = beside.lines("gala-1", "The first rocket")
        page.wait_for_function(FIRST, arg=line)
        row(page, line).wait_for(state="attached")
        found = look(page)
        assert found["rows"] == found["shown"] == [line]
        assert found["count"] == 1
        assert asked.count("/live") == 1  # thread and danmaku share it

        withdrawn = httpx.delete(
            f"{demo_server.url}/api/v1/comments/{line}",
            headers={"authorization": f"Bearer {demo_server.people['commenter']['token']}"},
        )
        withdrawn.raise_for_status()
        row(page, line).wait_for(state="detached")
        assert look(page) == {"rows": [], "count": 0, "shown": []}


@pytest.mark.clause("2017-5.4", "2022-4.3", "2017-7.1a")
def test_where_the_picture_has_a_part_the_text_has_all(
    chromium: Browser, demo_server: DemoServer, beside: Beside
) -> None:
    beside.film("gala-2", live=True)
    with broadcast(chromium, demo_server.url, "gala-2") as (page, _):
        expect(page.locator("gentie-danmaku", has_text=SIGN)).to_have_count(0)
        lines = beside.lines("gala-2", *(f"Rocket {n}" for n in range(40)))
        expect(page.locator("gentie-danmaku .state.info")).to_contain_text(SIGN)
        part = page.locator("gentie-danmaku .state.info").inner_text()
        until(page, lambda: len(look(page)["rows"]) == len(lines))
        found = look(page)

        assert "about 13 %" in part  # 5 of 40
        assert set(found["rows"]) == set(lines)
        assert found["count"] == 40
        assert len(found["shown"]) == 5
        assert set(found["shown"]) <= set(lines)
        manifest = f"{demo_server.url}/api/v1/sites/daily/threads/gala-2/danmaku"
        assert httpx.get(manifest).json()["sampling"]["live"][0]["one_in"] == 8


def test_what_was_missed_while_the_line_was_cut_is_told_then(
    chromium: Browser, demo_server: DemoServer, beside: Beside
) -> None:
    beside.film("gala-3", live=True)
    with (
        Wire(demo_server.url) as wire,
        broadcast(chromium, wire.url, "gala-3") as (page, asked),
    ):
        first, second = beside.lines("gala-3", "Before", "Before, too")
        page.wait_for_function(FIRST, arg=second)
        until(page, lambda: asked.count("/danmaku") == 2)  # read again once it hears
        wire.cut()
        (third,) = beside.lines("gala-3", "Meanwhile")
        httpx.delete(
            f"{demo_server.url}/api/v1/comments/{first}",
            headers={"authorization": f"Bearer {demo_server.people['commenter']['token']}"},
        ).raise_for_status()
        wire.join()
        row(page, third).wait_for(state="attached")
        row(page, first).wait_for(state="detached")
        until(page, lambda: set(look(page)["rows"]) == {second, third})
        assert wire.resumed  # it said how far it was
        assert asked.count("/danmaku") == 2  # and read nothing else


@pytest.mark.clause("2017-5.4", "2022-4.3")
def test_the_same_page_has_every_line_without_script(
    chromium: Browser, demo_server: DemoServer
) -> None:
    film = f"{demo_server.url}/api/v1/sites/daily/threads/film-7/danmaku"
    count = httpx.get(film).json()["count"]
    public = {one["id"] for one in httpx.get(f"{film}.json").json()["danmaku"]}
    context = chromium.new_context(viewport=DESK, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{demo_server.url}/demo/film-7?lang=en")
    rows = page.locator("gentie-danmaku li[id^=dm-]")
    expect(rows.first).to_be_visible()
    shown = [str(one.get_attribute("id"))[3:] for one in rows.all()]
    assert len(shown) == count
    assert set(shown) == public
    expect(rows.first.locator("a[href*='/report?subject=']")).to_have_count(1)
    context.close()
