"""Passkeys in a real Chromium, whose authenticator is one in software (CDP WebAuthn)."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.test_public import reader, require_sound
from tests.browser.village import PASSWORD, Village, sign_up

pytestmark = pytest.mark.browser
KEY = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@contextmanager
def device(page: Page) -> Iterator[Any]:
    """The person's device. Yields what asks how many keys it holds."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    made = session.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})
    which = {"authenticatorId": made["authenticatorId"]}
    yield lambda: len(session.send("WebAuthn.getCredentials", which)["credentials"])
    session.send("WebAuthn.removeVirtualAuthenticator", which)


@pytest.mark.parametrize(
    ("scheme", "lang", "name", "add", "enter"),
    [
        ("light", "zh-CN", "渡口的燕", "添加通行密钥", "用通行密钥登录"),
        ("dark", "en-GB", "Ferryman", "Add a passkey", "Sign in with a passkey"),
    ],
)
def test_a_passkey_is_made_and_signs_in(
    chromium: Browser, village: Village, scheme: str, lang: str, name: str, add: str, enter: str
) -> None:
    """With keys only: Tab and Enter, on a phone, in both languages."""
    with reader(chromium, scheme=scheme, lang=lang) as page, device(page) as keys:
        sign_up(page, village, name, back="/account/passkeys")
        page.locator("#label").fill("Phone")
        page.keyboard.press("Tab")
        page.keyboard.type("not my password")
        page.keyboard.press("Enter")
        expect(page.locator("form [role=status]")).not_to_be_empty()
        require_sound(page)
        page.locator("#password").fill(PASSWORD)
        page.get_by_role("button", name=add).press("Enter")
        expect(page.locator(".passkeys")).to_contain_text("Phone")
        require_sound(page)
        assert keys() >= 1

        page.context.clear_cookies()
        page.goto(f"{village.url}/account/sign-in?next=/account/me")
        page.get_by_role("button", name=enter).press("Enter")
        page.wait_for_url("**/account/me")
        expect(page.locator("#main")).to_contain_text(name)
        page.goto(f"{village.url}/account/passkeys")
        page.locator(".passkeys button").press("Enter")
        expect(page.locator(".passkeys")).to_have_count(0)


def test_a_device_without_a_key_says_so(chromium: Browser, village: Village) -> None:
    with reader(chromium, scheme="light", lang="en-GB") as page, device(page):
        page.goto(f"{village.url}/account/sign-in")
        button = page.get_by_role("button", name="Sign in with a passkey")
        button.press("Enter")
        expect(page.locator("[data-passkey] [role=status]")).to_contain_text("You can try again")
        expect(button).to_be_focused()
        require_sound(page)


def test_without_script_nothing_is_offered_that_cannot_work(
    chromium: Browser, village: Village
) -> None:
    with reader(chromium, scheme="light", lang="en-GB", script=False) as page:
        page.goto(f"{village.url}/account/sign-in")
        assert page.get_by_role("button", name="Sign in with a passkey").count() == 0
