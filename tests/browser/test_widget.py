"""The widget as browsers run it: under our own headers, in both languages, themes and sizes."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from tests.browser.stage import Stage

pytestmark = pytest.mark.browser

AXE = Path(__file__).parents[2] / "widget" / "node_modules" / "axe-core" / "axe.min.js"
DESK: ViewportSize = {"width": 1280, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 844}
FINGER = 44


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    with Stage() as stage:
        yield stage


@contextmanager
def opened(chromium: Browser, url: str, *, phone: bool = False) -> Iterator[Page]:
    """The page with its thread loaded. Anything that the console complains of is a failure."""
    context = chromium.new_context(
        viewport=PHONE if phone else DESK,
        has_touch=phone,
        is_mobile=phone,
        reduced_motion="reduce",
    )
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda fault: complaints.append(str(fault)))
    page.goto(url)
    page.locator("gentie-thread .feed").wait_for()
    yield page
    context.close()
    assert complaints == []


def test_it_runs_under_a_strict_policy_and_replaces_what_was_there(
    chromium: Browser, stage: Stage
) -> None:
    with opened(chromium, stage.url()) as page:
        expect(page.locator("#fallback")).to_be_hidden()
        assert page.locator("gentie-thread article").count() > 50
        assert page.locator("gentie-thread .body strong").count() > 0


@pytest.mark.parametrize("lang", ["zh-CN", "en"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_nothing_stands_in_anyones_way(
    chromium: Browser, stage: Stage, lang: str, theme: str
) -> None:
    with opened(chromium, stage.url(lang, theme)) as page:
        page.locator("[data-opens=report]").first.click()
        page.locator("form.report").wait_for()
        page.evaluate(AXE.read_text(encoding="utf-8"))
        rules = "{runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']}"
        found = page.evaluate(f"axe.run(document, {rules})")
        assert [(one["id"], one["nodes"][0]["html"]) for one in found["violations"]] == []


def test_it_brings_its_own_ground_into_a_page_that_knows_no_dark(
    chromium: Browser, stage: Stage
) -> None:
    with opened(chromium, stage.url("en", "dark")) as page:
        page.evaluate("document.documentElement.dataset.theme = 'light'")
        ground = "getComputedStyle(document.querySelector('gentie-thread')).backgroundColor"
        assert page.evaluate(ground) == "rgb(20, 23, 21)"


def test_a_phone_scrolls_one_way_and_takes_fingers(chromium: Browser, stage: Stage) -> None:
    with opened(chromium, stage.url(), phone=True) as page:
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        buttons = page.locator("gentie-thread button").all()[:12]
        heights = [box["height"] for box in (one.bounding_box() for one in buttons) if box]
        assert len(heights) == len(buttons)
        assert min(heights) >= FINGER


def test_a_link_brings_its_comment_into_sight(chromium: Browser, stage: Stage) -> None:
    with opened(chromium, f"{stage.url()}#gentie-a42-hebrew") as page:
        article = page.locator("article[id=gentie-a42-hebrew]")
        expect(article).to_be_focused()
        expect(article).to_be_in_viewport()


def test_a_comment_is_written_with_the_keyboard_alone(chromium: Browser, stage: Stage) -> None:
    with opened(chromium, f"{stage.url('en')}#gentie-write") as page:
        field = page.locator("#gentie-write textarea")
        expect(field).to_be_focused()
        page.keyboard.type("Thank you, *driver*.")
        page.keyboard.press("Control+Enter")
        mine = page.locator("article[id=gentie-new-1]")
        expect(mine).to_contain_text("Waiting for review.")
        expect(mine).to_be_focused()
        expect(field).to_have_value("")


def test_a_draft_outlives_the_page(chromium: Browser, stage: Stage) -> None:
    with opened(chromium, stage.url("en")) as page:
        page.locator("#gentie-write textarea").fill("Half a thought")
        page.reload()
        expect(page.locator("#gentie-write textarea")).to_have_value("Half a thought")
