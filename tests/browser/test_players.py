"""Players of others, as they come from their makers, with the demo's danmaku.

DPlayer puts a line into its page as HTML; ArtPlayer writes a colour without its leading zeros.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Page, Route

from tests.browser.widget import DESK
from tests.demo_newsroom import DemoServer

pytestmark = pytest.mark.browser

PACKAGES = Path(__file__).parents[2] / "widget" / "node_modules"
FILES = {
    "dplayer.js": PACKAGES / "dplayer/dist/DPlayer.min.js",
    "artplayer.js": PACKAGES / "artplayer/dist/artplayer.js",
    "danmuku.js": PACKAGES / "artplayer-plugin-danmuku/dist/artplayer-plugin-danmuku.js",
}
DPLAYER = """<!doctype html><meta charset="utf-8"><title>DPlayer</title><div id="at"></div>
<script src="dplayer.js"></script><script>
const player = new DPlayer({container: document.querySelector("#at"), preload: "auto",
  video: {url: "/demo/film-7.webm"}, mutex: false, volume: 0,
  danmaku: {id: "daily:film-7", api: location.origin + "/dplayer/", token: "TOKEN"}});
player.video.muted = true;
</script>"""
ARTPLAYER = """<!doctype html><meta charset="utf-8"><title>ArtPlayer</title>
<div id="at" style="width: 960px; height: 540px"></div>
<script src="artplayer.js"></script><script src="danmuku.js"></script><script>
const player = new Artplayer({container: "#at", url: "/demo/film-7.webm", muted: true,
  plugins: [artplayerPluginDanmuku({
    danmuku: "/api/v1/sites/daily/threads/film-7/danmaku.xml"})]});
</script>"""
HOSTILE = '<img src=x onerror="window.struck = true"><b>unlit</b>'
LINES = "/api/v1/sites/daily/threads/film-7/danmaku"


@contextmanager
def played(chromium: Browser, demo: DemoServer, page_of: str) -> Iterator[Page]:
    """A page of the service, without its policy: nothing but the player is in the way."""
    context = chromium.new_context(viewport=DESK)
    page = context.new_page()
    token = demo.people["commenter"]["token"]

    def give(route: Route) -> None:
        name = route.request.url.rsplit("/", 1)[1]
        if name in FILES:
            route.fulfill(body=FILES[name].read_bytes(), content_type="text/javascript")
        else:
            route.fulfill(body=page_of.replace("TOKEN", token), content_type="text/html")

    page.route(f"{demo.url}/player/*", give)
    page.goto(f"{demo.url}/player/page.html")
    page.wait_for_function("() => document.querySelector('video')?.readyState > 1")
    yield page
    context.close()


@contextmanager
def a_line(demo: DemoServer, text: str, t_ms: int, colour: int = 0xFFFFFF) -> Iterator[str]:
    """The id of a public line, withdrawn at the end."""
    headers = {"authorization": f"Bearer {demo.people['commenter']['token']}"}
    with httpx.Client(base_url=demo.url, headers=headers) as api:
        line = {"text": text, "t_ms": t_ms, "colour": colour}
        made = api.post(LINES, json=line).raise_for_status().json()
        assert made["state"] == "published"
        yield made["id"]
        api.delete(f"/api/v1/comments/{made['id']}").raise_for_status()


def play_from(page: Page, second: float) -> None:
    page.evaluate(
        """async (second) => {
          const video = document.querySelector("video");
          const there = new Promise((go) => video.addEventListener("seeked", go, {once: true}));
          if (window.DPlayer) player.seek(second); // its danmaku hears of no other
          else video.currentTime = second;
          await there;
          await player.play();
        }""",
        second,
    )


def test_no_line_becomes_markup_in_dplayer(chromium: Browser, demo_server: DemoServer) -> None:
    with (
        a_line(demo_server, HOSTILE, 70_500),
        played(chromium, demo_server, DPLAYER) as page,
    ):
        page.wait_for_function("() => player.danmaku.dan && player.danmaku.dan.length > 40")
        play_from(page, 69.5)
        line = page.locator(".dplayer-danmaku-item", has_text="unlit")
        line.wait_for(state="attached")
        assert line.inner_text() == HOSTILE
        assert page.locator(".dplayer-danmaku img, .dplayer-danmaku b").count() == 0
        assert page.evaluate("() => window.struck === undefined")


def test_dplayer_sends_in_the_name_of_the_token(chromium: Browser, demo_server: DemoServer) -> None:
    with played(chromium, demo_server, DPLAYER) as page:
        play_from(page, 12)
        line = '{text: "Sent by DPlayer", color: 0x0000ff, type: 1}'
        with page.expect_response(lambda one: one.request.method == "POST") as sent:
            page.evaluate(f"() => player.danmaku.send({line}, () => undefined)")
        assert sent.value.json() == {"code": 0}
    found = httpx.get(f"{demo_server.url}{LINES}.json").json()["danmaku"]
    (mine,) = [one for one in found if one["text"] == "Sent by DPlayer"]
    assert mine["author"] == demo_server.people["commenter"]["name"]
    assert (mine["mode"], mine["colour"]) == ("top", 0x74C0FC)
    headers = {"authorization": f"Bearer {demo_server.people['commenter']['token']}"}
    gone = httpx.delete(f"{demo_server.url}/api/v1/comments/{mine['id']}", headers=headers)
    gone.raise_for_status()


def test_small_colour_numbers_show_in_artplayer(chromium: Browser, demo_server: DemoServer) -> None:
    """Of the palette, the one that is nearest to 0x0000ff: six digits, whatever was sent."""
    headers = {"authorization": f"Bearer {demo_server.people['commenter']['token']}"}
    with httpx.Client(base_url=demo_server.url, headers=headers) as api:
        sent = {"id": "daily:film-7", "text": "Blue as ink", "time": 80.6, "color": 0x0000FF}
        token = demo_server.people["commenter"]["token"]
        told = api.post("/dplayer/v3/", json={**sent, "token": token, "type": 0})
        assert told.json() == {"code": 0}
        with played(chromium, demo_server, ARTPLAYER) as page:
            play_from(page, 79.5)
            line = page.locator(".art-danmuku div", has_text="Blue as ink").first
            line.wait_for(state="attached")
            assert line.evaluate("(at) => getComputedStyle(at).color") == "rgb(116, 192, 252)"
        found = api.get(f"{LINES}.json").json()["danmaku"]
        (mine,) = [one["id"] for one in found if one["text"] == "Blue as ink"]
        api.delete(f"/api/v1/comments/{mine}").raise_for_status()
