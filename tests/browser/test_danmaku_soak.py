"""A crowded film that is watched, wound and resized for minutes leaves nothing behind."""

from collections.abc import Iterator
from random import Random

import httpx
import pytest
from playwright.sync_api import Browser, CDPSession, Page

from tests.browser.test_danmaku import FILM, SEEK, look, until_shown, watching
from tests.browser.widget import DESK
from tests.demo_newsroom import DemoServer

pytestmark = [pytest.mark.browser, pytest.mark.soak]

WARM, ROUNDS = 15, 60
EACH = 20
"""Lines in a second."""
PLAY_TO = """async (second) => { const video = document.querySelector("video");
  video.playbackRate = 2; await video.play();
  await new Promise((go) => { const look = () => video.currentTime >= second || video.ended
    ? go() : setTimeout(look, 50); look(); });
  video.pause(); }"""


@pytest.fixture
def page(chromium: Browser, demo_server: DemoServer) -> Iterator[Page]:
    rows = [
        [f"x{n}", n * 1000 // EACH, ("scroll", "top", "bottom")[n % 3], 0xFFFFFF, f"Tide {n}", "T"]
        for n in range(EACH * 96)
    ]
    manifest = httpx.get(demo_server.url + FILM).json()
    part = {"n": 0, "rev": 999_999, "count": len(rows), "url": f"{FILM}/segments/0-999999.json"}
    answers: dict[str, object] = {
        f"**{FILM}": {**manifest, "count": len(rows), "segments": [part]},
        f"**{part['url']}": {**part, "rows": rows},
    }
    with watching(chromium, demo_server, answers=answers) as page:
        yield page


def kept(cdp: CDPSession) -> dict[str, float]:
    """What the page holds when everything that nobody holds is gone."""
    for _ in range(2):
        cdp.send("HeapProfiler.collectGarbage")
    told = cdp.send("Performance.getMetrics")["metrics"]
    return {one["name"]: one["value"] for one in told}


def a_round(page: Page, chance: Random) -> None:
    second = chance.uniform(0, 85)
    page.evaluate(SEEK, second)
    until_shown(page)
    page.evaluate(PLAY_TO, second + 2)
    page.set_viewport_size({"width": chance.randrange(700, 1280), "height": 900})
    for _ in range(2):
        page.keyboard.press("d")


def rest(page: Page) -> dict[str, float]:
    """Where every round is compared: the same size, the same moment."""
    page.set_viewport_size(DESK)
    page.evaluate(SEEK, 44)
    until_shown(page)
    cdp = page.context.new_cdp_session(page)
    cdp.send("Performance.enable")
    found = kept(cdp)
    cdp.detach()
    return found


def test_nothing_is_left_behind(page: Page) -> None:
    chance = Random(11)  # noqa: S311 where to go next, the same each time
    for _ in range(WARM):
        a_round(page, chance)
    before, shown = rest(page), look(page)
    for _ in range(ROUNDS):
        a_round(page, chance)
    after, then = rest(page), look(page)

    assert (then["nodes"], then["moving"]) == (shown["nodes"], shown["moving"])
    assert after["Nodes"] <= before["Nodes"] + 50
    assert after["JSEventListeners"] <= before["JSEventListeners"] + 5
    assert after["JSHeapUsedSize"] <= 1.1 * before["JSHeapUsedSize"]
