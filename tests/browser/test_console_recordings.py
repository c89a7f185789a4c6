"""Sound and video at the desk: shut until asked for, played and judged by keys alone.

The real service: its job has looked at the files, and the moderator is one of the demo's.
"""

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal, NamedTuple

import pytest
from playwright.sync_api import Browser, Locator, Page, StorageState, ViewportSize, expect

from tests.browser.test_console import WIDE, press, target, too_wide
from tests.browser.test_people_pages import on_duty
from tests.browser.town import PATIENCE, Town, a_town
from tests.browser.widget import PHONE, require_accessible, until
from tests.demo_newsroom import DemoServer
from tests.media.scrubbing.recorded import a_sound, a_video

pytestmark = pytest.mark.browser

CALL = "Ring 13812345678 for a place on the boat"
MANY = 10
"""Heights that a line of something heard has at least."""
NUMBER = "13812345678"
LOOKS: tuple[tuple[Literal["light", "dark"], str], ...] = (
    ("light", "zh-CN"),
    ("dark", "zh-CN"),
    ("light", "en-GB"),
    ("dark", "en-GB"),
)


class File(NamedTuple):
    """One that lies on the desk with its comment."""

    upload: str
    comment: str
    item: str
    text: str


class Duty(NamedTuple):
    """What waits for a moderator, whose code has opened a session: it opens one only."""

    town: Town
    session: StorageState
    audio: File
    video: File


@pytest.fixture(scope="module")
def duty(chromium: Browser, demo_server: DemoServer) -> Iterator[Duty]:
    with a_town(demo_server) as town:
        heard = {"alt": f"A bell, {NUMBER}", "transcript": CALL}
        audio = held(town, a_sound(seconds=3), "The bell of the ferry", heard)
        seen = {"alt": "The ferry lands", "transcript": "Mind the rope!"}
        video = a_video(sound="aac", seconds=4, size=(320, 240))
        film = held(town, video, "The ferry this morning", seen)
        context = chromium.new_context(locale="en-GB")
        on_duty(context.new_page(), demo_server, "moderator")
        yield Duty(town, context.storage_state(), audio, film)
        context.close()
        for one in (audio, film):
            town.take_back(one.comment)


def held(town: Town, content: bytes, text: str, words: dict[str, str]) -> File:
    upload = town.send(content)
    assert town.looked_at(upload)["state"] == "ready"
    town.describe(upload, words)
    made = town.post(text, upload)
    assert made["state"] == "held"
    return File(upload, made["id"], town.item_of(made["id"]), text)


@contextmanager
def at_the_desk(
    chromium: Browser,
    duty: Duty,
    *,
    size: ViewportSize = WIDE,
    lang: str = "en-GB",
    scheme: Literal["light", "dark"] = "light",
) -> Iterator[Page]:
    """Anything that the console complains of is a failure."""
    context = chromium.new_context(
        locale=lang, viewport=size, color_scheme=scheme, storage_state=duty.session
    )
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.goto(f"{duty.town.demo.url}/console/queue")
    yield page
    context.close()
    assert complaints == []


def walk_to(page: Page, file: File) -> None:
    """By the key that opens the next one, from the oldest on."""
    while file.text not in "".join(target(page).all_text_contents()):
        before = page.url
        press(page, "j")
        expect(page).not_to_have_url(before)
    expect(page.locator("form.decide")).to_be_visible()


def fetched(page: Page, upload: str) -> list[str]:
    """Addresses of this file's bytes that the page asks for from now on."""
    found: list[str] = []
    page.on("request", lambda one: found.append(one.url) if f"/{upload}/" in one.url else None)
    return found


def plays(page: Page, player: Locator) -> None:
    """By the space bar, without a step to it: the key that opened it has led there.

    On and on, so that its end is not mistaken for what makes it silent.
    """
    expect(player).to_be_focused()
    player.evaluate("(one) => { one.loop = true; }")
    page.keyboard.press("Space")
    until(page, lambda: bool(player.evaluate("(one) => one.currentTime > 0.2")))
    assert player.evaluate("(one) => [one.readyState >= 2, one.error]") == [True, None]


def is_silent(page: Page, player: Locator) -> None:
    until(page, lambda: bool(player.evaluate("(one) => one.paused")))


def have_arrived(page: Page, pictures: Locator) -> None:
    loaded = "(all) => all.every((one) => one.complete && one.naturalWidth > 0)"
    until(page, lambda: bool(pictures.evaluate_all(loaded)))


@pytest.mark.clause("2017-2.2b", "2022-2.2", "2017-5.5a", "2017-5.5d")
@pytest.mark.parametrize(("scheme", "lang"), LOOKS)
def test_everybody_can_open_it_on_a_phone(
    chromium: Browser, duty: Duty, scheme: Literal["light", "dark"], lang: str
) -> None:
    with at_the_desk(chromium, duty, size=PHONE, lang=lang, scheme=scheme) as page:
        for file, kind in ((duty.audio, "audio"), (duty.video, "video")):
            asked = fetched(page, file.upload)
            page.goto(f"{duty.town.demo.url}/console/queue?item={file.item}")
            player = page.locator(f"details.media {kind}")
            expect(player).not_to_be_visible()
            expect(target(page)).to_have_text(file.text)
            assert asked == []

            press(page, "1")
            expect(player).to_be_visible()
            require_accessible(page)
            assert too_wide(page) == []
            have_arrived(page, page.locator("details.media img"))


@pytest.mark.clause("2017-2.2b", "2022-2.2", "2017-5.5a", "2017-6.2b")
def test_they_are_played_and_decided_by_keys(chromium: Browser, duty: Duty) -> None:
    """The sound is refused, the video published: the refusal has its seconds meanwhile."""
    with at_the_desk(chromium, duty) as page:
        walk_to(page, duty.audio)
        hear(page)
        press(page, "/")
        page.keyboard.type("3.4")
        press(page, "Escape")
        press(page, "r")
        expect(page.locator(".done")).to_contain_text("takes effect in")
        walk_to(page, duty.video)
        see(page)
        press(page, "a")
        expect(page.locator(".done")).to_contain_text("Published")
    assert duty.town.status(f"/media/{duty.video.upload}/video") == 200
    require_refused(duty.town, duty.audio)
    assert duty.town.status(f"/media/{duty.audio.upload}/audio") == 404


def hear(page: Page) -> None:
    player, part = page.locator("details.media audio"), page.locator(".target .part")
    expect(player).not_to_be_visible()
    expect(part.locator("summary")).to_contain_text("0:03")
    expect(part).to_contain_text(CALL)
    expect(part.locator("mark")).to_have_text([NUMBER, NUMBER])
    expect(page.locator("[name=facts]")).to_have_value(re.compile(f"“{NUMBER}”"))

    press(page, "1")
    expect(part.locator(".wave")).to_be_visible()
    bars = part.locator(".wave path").evaluate("(one) => one.getAttribute('d').match(/v[^M]+/g)")
    assert len(set(bars)) > MANY
    plays(page, player)
    press(page, "1")
    is_silent(page, player)


def see(page: Page) -> None:
    player, part = page.locator("details.media video"), page.locator(".target .part")
    expect(part).to_contain_text("The ferry lands")
    expect(part).to_contain_text("Mind the rope!")

    press(page, "1")
    stills = part.locator(".stills img")
    have_arrived(page, stills)
    assert stills.count() > 1
    poster = "(one) => fetch(one.poster).then((answer) => answer.headers.get('content-type'))"
    assert player.evaluate(poster) == "image/webp"
    plays(page, player)
    assert player.evaluate("(one) => [one.videoWidth, one.videoHeight]") == [320, 240]
    press(page, "1")
    is_silent(page, player)


def require_refused(town: Town, file: File) -> None:
    """Once the seconds in which that can be undone are over."""
    deadline = time.monotonic() + PATIENCE
    while town.state_of(file.comment) != "refused":
        assert time.monotonic() < deadline
