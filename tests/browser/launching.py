"""A Chromium of the machine, started for tests."""

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, Playwright
from tools.browser import find_chromium


@contextmanager
def launched(playwright: Playwright, *more: str) -> Iterator[Browser]:
    """`more`: what this one is told beside the usual when it starts."""
    program = find_chromium()
    assert program, "no Chromium here: make test installs it, or see python -m tools.browser"
    browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox", *more])
    yield browser
    browser.close()
