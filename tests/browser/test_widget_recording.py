"""Sound and video recorded in the composer, by the browser's own recorder and devices of its own.

What comes out is what the service's program takes: it looks at each of them here.
"""

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Playwright, expect
from tools.stage import Stage

from gentie.media.adapters.scrubber import Scrubbed
from tests.browser.launching import launched
from tests.browser.widget import PHONE, opened, require_accessible, until
from tests.media.scrubbing.build import scrubbed

pytestmark = pytest.mark.browser

DEVICES = "--use-fake-device-for-media-stream"
MOVED = """(one) => one.play().then(() => new Promise((go) => {
  one.ontimeupdate = () => one.currentTime > 0 && go(true);
}))"""


@pytest.fixture(scope="module")
def willing(playwright: Playwright) -> Iterator[Browser]:
    """Whoever is asked says yes."""
    with launched(playwright, DEVICES, "--use-fake-ui-for-media-stream") as browser:
        yield browser


@pytest.fixture(scope="module")
def unwilling(playwright: Playwright) -> Iterator[Browser]:
    with launched(playwright, DEVICES, "--deny-permission-prompts") as browser:
        yield browser


def recorded(page: Page, stage: Stage, button: str) -> bytes:
    """Begin, hear that it goes on, and end, all by keyboard. Returns what was sent."""
    page.locator("gentie-attach .clip").click()
    page.get_by_role("button", name=button).press("Enter")
    stop = page.get_by_role("button", name="Stop recording")
    expect(stop).to_have_attribute("aria-pressed", "true")
    expect(page.locator("gentie-attach [role=status]")).to_have_text("Recording")
    page.evaluate("() => new Promise((go) => setTimeout(go, 400))")  # there has to be something
    stop.press("Enter")
    entry = page.locator("gentie-attach li")
    expect(entry).to_contain_text("Recording 1")
    expect(entry).to_contain_text("Ready", timeout=15_000)
    return stage.uploads.bytes["u1"]


def looked_at(data: bytes, folder: Path) -> Scrubbed:
    """By the program that looks at every upload. On a thread: the browser has the loop here."""
    with ThreadPoolExecutor(1) as beside:
        return beside.submit(lambda: asyncio.run(scrubbed(data, folder))).result()


@pytest.mark.clause("2017-2.2b", "2022-2.2")
@pytest.mark.parametrize(
    ("button", "kind", "label"),
    [
        ("Record sound", "audio", "What is said in it, for people who cannot hear it"),
        ("Record video", "video", "Describe it for people who cannot see it"),
    ],
)
def test_is_recorded_played_back_and_sent_along(
    button: str, kind: str, label: str, willing: Browser, stage: Stage, tmp_path: Path
) -> None:
    with opened(willing, f"{stage.url('en', scene='media')}#gentie-write") as page:
        data = recorded(page, stage, button)
        player = page.locator(f"gentie-attach li {kind}")
        expect(player).to_have_attribute("aria-label", "Play Recording 1")
        assert player.evaluate(MOVED)
        page.get_by_label(label).fill("The bell of the ferry")
        require_accessible(page)
        page.locator("gentie-composer [part=submit]").click()
        expect(page.locator("article[id=gentie-new-1]")).to_be_visible()

    assert looked_at(data, tmp_path).kind == kind


def test_who_is_filmed_sees_themselves(willing: Browser, stage: Stage) -> None:
    url = f"{stage.url('zh-CN', scene='media')}#gentie-write"
    with opened(willing, url, size=PHONE) as page:
        page.locator("gentie-attach .clip").click()
        page.get_by_role("button", name="录视频").click()
        mirror = page.locator("gentie-attach .mirror")
        until(page, lambda: bool(mirror.evaluate("(one) => one.videoWidth > 0")))
        assert mirror.evaluate("(one) => one.muted")
        expect(page.get_by_role("button", name="录音")).to_be_disabled()
        page.get_by_role("button", name="停止录制").click()
        expect(mirror).to_have_count(0)


@pytest.mark.parametrize("button", ["Record sound", "Record video"])
def test_who_says_no_is_told_what_can_be_done(
    button: str, unwilling: Browser, stage: Stage
) -> None:
    with opened(unwilling, f"{stage.url('en', scene='media')}#gentie-write") as page:
        page.locator("gentie-attach .clip").click()
        page.get_by_role("button", name=button).click()
        problem = page.locator("gentie-attach [role=alert]")
        expect(problem).to_contain_text("Your browser does not let this page record.")
        expect(page.get_by_role("button", name=button)).to_have_attribute("aria-pressed", "false")
        expect(page.locator("gentie-attach li")).to_have_count(0)
