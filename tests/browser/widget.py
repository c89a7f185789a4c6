"""The stage, and a page with its thread loaded, for the tests of the widget."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, Page, ViewportSize

AXE = Path(__file__).parents[2] / "widget" / "node_modules" / "axe-core" / "axe.min.js"
RULES = "{runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']}"
DESK: ViewportSize = {"width": 1280, "height": 900}
TABLET: ViewportSize = {"width": 768, "height": 1024}
PATIENCE = 2000
"""Frames."""
PHONE: ViewportSize = {"width": 390, "height": 844}


@contextmanager
def opened(
    chromium: Browser,
    url: str,
    *,
    size: ViewportSize = DESK,
    contrast: Literal["more", "no-preference"] = "no-preference",
) -> Iterator[Page]:
    """The page with its thread loaded. Anything that the console complains of is a failure."""
    phone = size == PHONE
    context = chromium.new_context(
        viewport=size,
        has_touch=phone,
        is_mobile=phone,
        reduced_motion="reduce",
        contrast=contrast,
    )
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda fault: complaints.append(str(fault)))
    page.goto(url)
    page.locator("gentie-thread .thread").wait_for()
    yield page
    context.close()
    assert complaints == [], complaints


def until(page: Page, holds: Callable[[], bool]) -> None:
    """Let the page go on, frame by frame, until it is so."""
    for _ in range(PATIENCE):
        if holds():
            return
        page.evaluate("() => new Promise((go) => requestAnimationFrame(go))")
    raise AssertionError("it never came to that")


def require_accessible(page: Page) -> None:
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate(f"axe.run(document, {RULES})")
    wrong = [(one["id"], one["nodes"][0]["html"]) for one in found["violations"]]
    assert wrong == [], wrong
