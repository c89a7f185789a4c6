"""The demo's film with its danmaku: the layer, its text version, and both without a mouse."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, Page, Route, ViewportSize

from tests.browser.widget import DESK, PHONE, require_accessible
from tests.demo_newsroom import DemoServer

pytestmark = pytest.mark.browser

FILM = "/api/v1/sites/daily/threads/film-7/danmaku"
LOOK = """() => {
  const root = document.querySelector("gentie-danmaku").shadowRoot;
  const layer = document.querySelector(".gentie-danmaku-layer");
  const screen = root.querySelector("gentie-dm-screen");
  const rect = (at) => { const {x, y, width, height} = at.getBoundingClientRect();
    return [x, y, width, height].map(Math.round); };
  return {
    rows: [...root.querySelectorAll(".lines li")].map((row) => row.id.slice(3)),
    count: Number(root.querySelector(".n").dataset.count),
    shown: screen.layer ? screen.layer.ids : [],
    nodes: layer ? layer.shadowRoot.querySelectorAll("b").length : 0,
    moving: document.getAnimations().length
      + (layer ? layer.shadowRoot.getAnimations().length : 0),
    layer: layer ? rect(layer) : null,
    video: rect(document.querySelector("video")),
    current: root.querySelector("li[aria-current]")?.id.slice(3) ?? "",
    wide: document.documentElement.scrollWidth > innerWidth,
  };
}"""
SEEK = """async (second) => {
  const video = document.querySelector("video");
  video.pause();
  if (video.readyState < 1) await new Promise((go) => {
    video.addEventListener("loadedmetadata", go, {once: true}); });
  const there = new Promise((go) => video.addEventListener("seeked", go, {once: true}));
  video.currentTime = second;
  await there;
}"""
READY = """() => document.querySelector("gentie-danmaku").shadowRoot
  ?.querySelectorAll(".lines li").length > 40"""
WORDS = "[data-id]"


@contextmanager
def watching(
    chromium: Browser,
    demo: DemoServer,
    *,
    lang: str = "en",
    size: ViewportSize = DESK,
    answers: dict[str, object] | None = None,
    **looks: Any,
) -> Iterator[Page]:
    """The film's page with its lines. Anything that the console complains of is a failure.

    `answers` stand for the service's, by address.
    """
    phone = size == PHONE
    context = chromium.new_context(viewport=size, is_mobile=phone, has_touch=phone, **looks)
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda fault: complaints.append(str(fault)))
    for path, said in (answers or {}).items():
        page.route(path, partial(answer, said))
    page.goto(f"{demo.url}/demo/film-7?lang={lang}")
    page.wait_for_function(READY)
    yield page
    context.close()
    assert complaints == []


def answer(said: object, route: Route) -> None:
    route.fulfill(json=said)


def look(page: Page) -> dict[str, Any]:
    found: dict[str, Any] = page.evaluate(LOOK)
    return found


def until_shown(page: Page, least: int = 1) -> None:
    page.wait_for_function(
        f"() => document.querySelector('gentie-danmaku').shadowRoot"
        f".querySelector('gentie-dm-screen').layer?.ids.length >= {least}"
    )


def over_the_video(found: dict[str, Any]) -> bool:
    """16:9 in 16:9, to the pixel."""
    return all(abs(a - b) <= 1 for a, b in zip(found["layer"], found["video"], strict=True))


def act(demo: DemoServer, role: str, path: str, body: object) -> Any:
    headers = {"authorization": f"Bearer {demo.people[role]['token']}"}
    url = f"{demo.url}/api/v1{path}"
    return httpx.post(url, json=body, headers=headers).raise_for_status().json()


def withdraw(demo: DemoServer, line: str) -> None:
    headers = {"authorization": f"Bearer {demo.people['commenter']['token']}"}
    httpx.delete(f"{demo.url}/api/v1/comments/{line}", headers=headers).raise_for_status()


@pytest.mark.clause("2017-5.4", "2022-4.3")
def test_what_the_layer_shows_is_a_part_of_the_text(
    chromium: Browser, demo_server: DemoServer
) -> None:
    count = httpx.get(demo_server.url + FILM).json()["count"]
    with watching(chromium, demo_server) as page:
        seen: set[str] = set()
        for second in (3, 20, 44, 62, 90):
            page.evaluate(SEEK, second)
            until_shown(page, 2)
            found = look(page)
            seen |= set(found["shown"])
            assert set(found["shown"]) <= set(found["rows"])
            assert len(found["rows"]) == found["count"] == count
            assert over_the_video(found)
        assert len(seen) > 12


@pytest.mark.clause("2017-5.4", "2022-4.3")
def test_a_removal_leaves_layer_and_text(chromium: Browser, demo_server: DemoServer) -> None:
    with watching(chromium, demo_server) as page:
        page.evaluate(SEEK, 56)
        line = {"text": "Lanterns for sale", "t_ms": 55_000}
        made = act(demo_server, "commenter", "/sites/daily/threads/film-7/danmaku", line)
        assert made["state"] == "published"
        row = page.locator(f"gentie-danmaku [id='dm-{made['id']}']")
        row.wait_for(state="attached")
        page.evaluate(SEEK, 57)
        until_shown(page)
        assert made["id"] in look(page)["shown"]

        removal = {"class": "spam", "facts": "An advertisement", "message": "No advertising"}
        path = f"/moderation/comments/{made['id']}/remove"
        removed = act(demo_server, "moderator", path, removal)
        row.wait_for(state="detached")
        found = look(page)
        assert made["id"] not in found["shown"]
        assert made["id"] not in found["rows"]

        # What the removal cost is given back: the tests after this one publish unread, too.
        path = f"/moderation/decisions/{removed['decision']}/reverse"
        act(demo_server, "moderator", path, {"source": "own"})
        row.wait_for(state="attached")
        withdraw(demo_server, made["id"])
        row.wait_for(state="detached")


@pytest.mark.clause("2017-5.4", "2022-4.3")
def test_the_layer_does_not_go_without_its_text(chromium: Browser, demo_server: DemoServer) -> None:
    with watching(chromium, demo_server) as page:
        page.evaluate(SEEK, 44)
        until_shown(page)
        page.evaluate("() => { document.querySelector('gentie-danmaku').style.opacity = 0 }")
        page.locator(".gentie-danmaku-layer").wait_for(state="detached")
        page.evaluate("() => { document.querySelector('gentie-danmaku').style.opacity = 1 }")
        until_shown(page)


@pytest.mark.parametrize(
    ("lang", "size", "theme"),
    [("zh-CN", DESK, "light"), ("en", PHONE, "light"), ("zh-CN", PHONE, "dark")],
)
def test_everybody_can_use_it(
    chromium: Browser, demo_server: DemoServer, lang: str, size: ViewportSize, theme: str
) -> None:
    with watching(chromium, demo_server, lang=lang, size=size, color_scheme=theme) as page:
        page.evaluate(SEEK, 44)
        until_shown(page)
        page.get_by_role("button", name="设置" if lang == "zh-CN" else "Settings").first.click()
        page.locator("gentie-danmaku .panel").wait_for()
        require_accessible(page)
        assert not look(page)["wide"]
        words = page.locator("gentie-danmaku .dm").inner_text()
        assert ("弹幕文字版" in words) == (lang == "zh-CN")


def test_without_a_mouse(chromium: Browser, demo_server: DemoServer) -> None:
    with watching(chromium, demo_server) as page:
        page.evaluate(SEEK, 10)
        until_shown(page)
        page.keyboard.press("d")
        page.locator(".gentie-danmaku-layer").wait_for(state="detached")
        page.keyboard.press("d")
        until_shown(page)

        first = page.locator("gentie-danmaku .go").first
        first.focus()
        for key in ("ArrowDown", "ArrowDown", "Enter"):
            page.keyboard.press(key)
        page.wait_for_function(
            "() => Math.abs(document.querySelector('video').currentTime - 3.1) < .1"
        )
        page.keyboard.press("r")
        page.locator("gentie-danmaku gentie-report select").wait_for()
        page.locator("gentie-danmaku gentie-report").get_by_role("button", name="Cancel").press(
            "Enter"
        )
        page.locator("gentie-danmaku gentie-report").wait_for(state="detached")
        page.get_by_role("button", name="Back to").press("Enter")
        page.wait_for_function(
            "() => Math.abs(document.querySelector('video').currentTime - 10) < .1"
        )

        page.get_by_role("searchbox").fill("kevin")
        page.locator("gentie-danmaku .lines li").nth(1).wait_for(state="detached")
        assert len(look(page)["rows"]) == 1
        page.get_by_role("searchbox").press("d")  # a letter where one types
        assert look(page)["layer"]


def test_a_line_over_the_picture_leads_to_its_place_in_the_text(
    chromium: Browser, demo_server: DemoServer
) -> None:
    with watching(chromium, demo_server) as page:
        page.evaluate(SEEK, 62)
        until_shown(page)
        line = page.locator(f".gentie-danmaku-layer {WORDS}").last
        shown = line.get_attribute("data-id")
        line.click()
        page.wait_for_function(
            "(id) => document.querySelector('gentie-danmaku').shadowRoot"
            ".activeElement?.dataset.id === id",
            arg=shown,
        )


def test_mine_waits_where_only_i_see_it(chromium: Browser, demo_server: DemoServer) -> None:
    answers = {
        "**/api/v1/account/session": {"kind": "account", "name": "River", "csrf": "c5rf"},
        "**/film-7/mine": {"items": [], "votes": []},
    }
    with watching(chromium, demo_server, answers=answers) as page:
        held = {"id": "mine-1", "state": "held"}
        page.route(
            f"**{FILM}",
            lambda route: (
                route.fulfill(status=201, json=held)
                if route.request.method == "POST"
                else route.fallback()
            ),
        )
        page.evaluate(SEEK, 30)
        until_shown(page)
        before = look(page)
        page.get_by_role("textbox", name="Write danmaku").fill("A light for the bend")
        with page.expect_request(lambda one: one.method == "POST") as sent:
            page.get_by_role("button", name="Send").press("Enter")
        row = page.locator("gentie-danmaku [id=dm-mine-1]")
        row.wait_for()
        assert "In review: only you see it" in row.inner_text()
        mine = {"text": "A light for the bend", "t_ms": 30_000, "mode": "scroll"}
        assert sent.value.post_data_json == {**mine, "colour": 0xFFFFFF}
        found = look(page)
        assert "mine-1" in found["shown"]
        assert found["count"] == before["count"] == len(found["rows"]) - 1


def test_little_motion_begins_without_it(chromium: Browser, demo_server: DemoServer) -> None:
    with watching(chromium, demo_server, reduced_motion="reduce") as page:
        page.evaluate(SEEK, 44)
        page.wait_for_function(
            "() => document.querySelector('gentie-danmaku').shadowRoot"
            ".querySelector('li[aria-current]')"
        )
        assert look(page)["layer"] is None
        page.keyboard.press("d")
        until_shown(page)


def test_settings_stay_in_this_browser(chromium: Browser, demo_server: DemoServer) -> None:
    with watching(chromium, demo_server) as page:
        page.evaluate(SEEK, 44)
        until_shown(page)
        page.get_by_role("button", name="Settings").first.click()
        words = page.get_by_label("Words not to show, one in a row")
        words.fill("/^原来/\n(a+)+")
        words.blur()
        page.wait_for_function(
            "() => ![...document.querySelector('.gentie-danmaku-layer').shadowRoot"
            ".querySelectorAll('b')].some((one) => one.textContent.startsWith('原来'))"
        )
        page.reload()
        page.wait_for_function(READY)
        page.evaluate(SEEK, 44)
        until_shown(page)
        shown = page.locator(f".gentie-danmaku-layer {WORDS}").all_inner_texts()
        assert not any(text.startswith("原来") for text in shown)
        assert "原来如此" in page.locator("gentie-danmaku .lines").inner_text()


def test_it_keeps_to_the_film_and_leaves_nothing_behind(
    chromium: Browser, demo_server: DemoServer
) -> None:
    with watching(chromium, demo_server) as page:
        page.evaluate(SEEK, 44)
        until_shown(page, 4)
        assert page.locator(f".gentie-danmaku-layer {WORDS}", has_text="原来如此 ×4").count() == 1
        before = look(page)
        page.set_viewport_size({"width": 700, "height": 900})
        page.wait_for_function(
            "(was) => document.querySelector('.gentie-danmaku-layer').offsetWidth !== was",
            arg=before["layer"][2],
        )
        until_shown(page)
        found = look(page)
        assert over_the_video(found)

        page.evaluate("() => { document.querySelector('video').style.aspectRatio = '1' }")
        page.wait_for_function(
            "() => { const [v, l] = ['video', '.gentie-danmaku-layer'].map((one) =>"
            " document.querySelector(one).getBoundingClientRect());"
            " return Math.abs(l.height - v.width * 9 / 16) < 1 && l.top > v.top + 20; }"
        )
        for _ in range(40):
            for second in (5, 44, 62):
                page.evaluate(SEEK, second)
        page.evaluate(SEEK, 44)
        until_shown(page, 4)
        after = look(page)
        assert sorted(after["shown"]) == sorted(before["shown"])
        assert after["nodes"] == after["moving"] <= before["nodes"] + 1
        page.keyboard.press("d")
        page.locator(".gentie-danmaku-layer").wait_for(state="detached")
        assert look(page)["moving"] == 0


def test_lines_are_where_they_would_be_after_a_seek_a_pause_and_at_another_speed(
    chromium: Browser, demo_server: DemoServer
) -> None:
    drift = """() => { const video = document.querySelector("video");
      const screen = document.querySelector("gentie-danmaku").shadowRoot
        .querySelector("gentie-dm-screen");
      const now = video.currentTime * 1000;
      return Math.max(...[...screen.layer.items].map(({animation, at}) =>
        Math.abs(now - at + screen.layer.lead - animation.currentTime))); }"""
    with watching(chromium, demo_server) as page:
        page.evaluate(SEEK, 62)
        until_shown(page)
        assert page.evaluate(drift) < 150
        page.evaluate(
            "() => { const video = document.querySelector('video');"
            " video.playbackRate = 2; return video.play(); }"
        )
        page.wait_for_function("() => document.querySelector('video').currentTime > 63")
        page.evaluate("() => document.querySelector('video').pause()")
        page.wait_for_function(
            "() => [...document.querySelector('gentie-danmaku').shadowRoot"
            ".querySelector('gentie-dm-screen').layer.items].every(({animation}) =>"
            " animation.playState === 'paused' && animation.playbackRate === 2)"
        )
        assert page.evaluate(drift) < 300
