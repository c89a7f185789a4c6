"""One Chromium for all browser tests. `make test` installs it where there is none."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, Playwright, expect, sync_playwright
from tools.stage import Stage

from tests.browser.launching import launched
from tests.browser.village import Village, a_village
from tests.serving import serving

PATIENCE = 20_000
"""Milliseconds until what does not come counts as missing: others may have the machine, too."""


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """The one driver of this process: a second one cannot be started beside it."""
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as driver:
        yield driver


@pytest.fixture(scope="session")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    with launched(playwright) as browser:
        yield browser


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """A page of a person who has never been here."""
    context = chromium.new_context(locale="en-GB")
    yield context.new_page()
    context.close()


@pytest.fixture(scope="session")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where a new instance is served."""
    with serving(tmp_path_factory.mktemp("served") / "news") as (_, found):
        yield found


@pytest.fixture(scope="session")
def village(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Village]:
    """Shared: people of a test have names that no other uses."""
    with a_village(tmp_path_factory.mktemp("village") / "newsroom") as village:
        yield village


@pytest.fixture(scope="session")
def _stage() -> Iterator[Stage]:
    with Stage() as stage:
        yield stage


@pytest.fixture
def stage(_stage: Stage) -> Stage:
    """Pages with the widget, in front of canned answers. Nothing is left of the test before."""
    _stage.forget()
    return _stage
