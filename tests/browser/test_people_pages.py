"""Pages about people in a real browser: staff that decide about them, and what they are asked."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.test_centre import enter
from tests.browser.test_public import PHONE, reader, removed_of_mine, require_sound
from tests.demo_newsroom import DemoServer

pytestmark = pytest.mark.browser
LOOKS = (("light", "zh-CN"), ("dark", "en-GB"))
ASKED = ("undertaking", "lessons/after-measure")


def on_duty(page: Page, demo: DemoServer, role: str) -> None:
    who = demo.people[role]
    page.goto(f"{demo.url}/account/sign-in?next=/console")
    page.locator("[name=name]").fill(who["name"])
    page.locator("[name=password]").fill(who["password"])
    page.locator("[name=code]").fill(demo.code(role))
    page.locator("form[action='/account/sign-in'] button").click()
    page.wait_for_url("**/console/**")


@pytest.mark.parametrize(
    ("role", "places"),
    [
        ("chief_editor", ("measures", "measures?decision={decision}")),
        ("compliance", ("rights", "disclosures", "leaks", "impact", "")),
    ],
)
def test_pages_of_staff_are_sound_on_a_phone(
    chromium: Browser, demo_server: DemoServer, role: str, places: tuple[str, ...]
) -> None:
    """A code signs in once, so that one session looks at all of them in both looks."""
    with removed_of_mine(demo_server) as decision:
        with reader(chromium, scheme="light", lang="zh-CN") as page:
            on_duty(page, demo_server, role)
            session = page.context.storage_state()
        for scheme, lang in LOOKS:
            context = chromium.new_context(
                viewport=PHONE,
                color_scheme="dark" if scheme == "dark" else "light",
                locale=lang,
                bypass_csp=True,
                storage_state=session,
            )
            page = context.new_page()
            for place in places:
                there = page.goto(f"{demo_server.url}/console/{place.format(decision=decision)}")
                assert there is not None
                assert there.ok, place
                expect(page.locator("h1")).to_be_visible()
                require_sound(page)
            context.close()


@pytest.mark.parametrize(("scheme", "lang"), LOOKS)
def test_what_people_are_asked_is_sound(
    chromium: Browser, demo_server: DemoServer, scheme: str, lang: str
) -> None:
    with reader(chromium, scheme=scheme, lang=lang) as page:
        enter(page, demo_server)
        for place in ASKED:
            page.goto(f"{demo_server.url}/account/{place}")
            require_sound(page)
