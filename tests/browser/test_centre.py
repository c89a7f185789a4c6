"""The account centre in a real browser: sound on a phone, in the dark, and counted step by step."""

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.test_public import reader, removed_of_mine, require_sound
from tests.demo_newsroom import DemoServer

pytestmark = pytest.mark.browser
PAGES = ("me", "comments", "decisions", "appeals", "credit", "notices", "privacy", "leave")
BELOW = ("lessons", "identity", "people", "sites")
"""Pages to which those lead; they show where one is all the same."""
BESIDE = ("law",)
"""Those with a story of their own are looked at there: test_verifying, test_ways_in, test_life."""


def enter(page: Page, demo: DemoServer, role: str = "commenter") -> None:
    who = demo.people[role]
    page.goto(f"{demo.url}/account/sign-in?next=/account/me")
    page.locator("#name").fill(who["name"])
    page.locator("#password").fill(who["password"])
    page.locator("form[action='/account/sign-in'] button").click()
    page.wait_for_url("**/account/me")


@pytest.mark.parametrize(("scheme", "lang"), [("light", "zh-CN"), ("dark", "en-GB")])
def test_its_pages_are_sound(
    chromium: Browser, demo_server: DemoServer, scheme: str, lang: str
) -> None:
    with removed_of_mine(demo_server), reader(chromium, scheme=scheme, lang=lang) as page:
        enter(page, demo_server)
        for path in (*PAGES, *(BELOW if scheme == "light" else BESIDE)):
            page.goto(f"{demo_server.url}/account/{path}")
            require_sound(page)
            if path not in BESIDE:
                current = "page" if path in PAGES else "true"
                assert page.locator(f"nav a[aria-current={current}]").count() == 1, path
        page.goto(f"{demo_server.url}/privacy")
        require_sound(page)


def presses(page: Page, name: str) -> int:
    """Press the one button of that name for the identity check, without script. Counts it."""
    form = page.locator("form").filter(has=page.locator("input[value='identity-check']"))
    form.get_by_role("button", name=name, exact=True).click()
    page.wait_for_url("**/account/privacy")
    return 1


@pytest.mark.clause("2017-5.2b")
def test_taking_back_takes_no_more_steps_than_giving(
    chromium: Browser, demo_server: DemoServer
) -> None:
    with reader(chromium, scheme="light", lang="en-GB", script=False) as page:
        enter(page, demo_server, "newcomer")
        page.goto(f"{demo_server.url}/account/privacy")
        giving = presses(page, "Consent")
        page.get_by_text("given on").first.wait_for()
        taking = presses(page, "Take the consent back")
        page.get_by_text("taken back on").first.wait_for()

        assert taking <= giving
