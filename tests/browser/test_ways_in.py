"""Signing in without a password in a real browser: by a letter, and by passkeys alone."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.test_passkeys import device
from tests.browser.test_public import reader, require_sound
from tests.browser.village import PASSWORD, Village, sign_up

pytestmark = pytest.mark.browser
ADDRESS = "quay@example.org"
ALERT = "[role=alert]"
ALONE = """async (name) => {
  const here = "/api/v1/account/passkeys";
  const text = (b) => btoa(String.fromCharCode(...new Uint8Array(b)))
    .replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
  const bytes = (t) => new TextEncoder().encode(t);
  const send = (path, body) => fetch(here + path, { method: "POST",
    headers: body ? { "content-type": "application/json" } : {},
    body: body && JSON.stringify(body) });
  const asked = await (await send("/sign-up/begin")).json();
  const made = await navigator.credentials.create({ publicKey: {
    challenge: bytes(asked.challenge), rp: { id: asked.rp, name: asked.rp },
    user: { id: bytes(asked.user), name, displayName: name },
    pubKeyCredParams: asked.algorithms.map((alg) => ({ type: "public-key", alg })),
    authenticatorSelection: { residentKey: "required", userVerification: "required" } } });
  return (await send("/sign-up", { name, user: asked.user, label: "Phone",
    client_data: text(made.response.clientDataJSON),
    attestation: text(made.response.attestationObject) })).status;
}"""


def ask_link(page: Page, village: Village) -> str:
    page.goto(f"{village.url}/account/sign-in?next=/account/me")
    page.get_by_role("link", name="Sign in by e-mail").click()
    page.locator("#address").fill(ADDRESS)
    page.locator("form .primary").click()
    expect(page.locator("[role=status]")).to_be_visible()
    return village.letter(page, "/account/link/")


def test_a_letter_signs_in_one_browser_once(chromium: Browser, village: Village) -> None:
    with (
        reader(chromium, scheme="dark", lang="en-GB") as page,
        reader(chromium, scheme="light", lang="zh-CN") as stranger,
    ):
        sign_up(page, village, "Heron at dusk", back="/account/mail")
        require_sound(page)
        page.locator("[name=address]").fill("nobody@nowhere@x.example")
        page.locator("[name=address]").evaluate("field => { field.type = 'text'; }")
        page.locator("form[action='/account/mail'] button").click()
        expect(page.locator(ALERT)).to_be_visible()
        require_sound(page)
        page.locator("[name=address]").fill(ADDRESS)
        page.locator("[name=sign_in]").check()
        page.locator("[name=password]").fill(PASSWORD)
        page.locator("form[action='/account/mail'] button").click()
        page.goto(village.letter(page, "/mail/confirm"))
        require_sound(page)
        page.locator("form button").click()
        page.context.clear_cookies()

        link = ask_link(page, village)
        require_sound(page)
        stranger.goto(link)
        require_sound(stranger)
        stranger.locator("form .primary").click()
        expect(stranger.locator(ALERT)).to_be_visible()
        require_sound(stranger)
        page.goto(link)
        page.locator("form .primary").click()
        page.wait_for_url("**/account/me")
        expect(page.locator("#main")).to_contain_text("Heron at dusk")
        page.goto(link)
        page.locator("form .primary").click()
        expect(page.locator(ALERT)).to_be_visible()


def test_the_last_passkey_stays(chromium: Browser, village: Village) -> None:
    """An account that the device alone has made keeps its one way in."""
    with reader(chromium, scheme="dark", lang="en-GB") as page, device(page) as keys:
        page.goto(f"{village.url}/account/sign-in")
        assert page.evaluate(ALONE, "Only a key") == 201
        page.goto(f"{village.url}/account/passkeys")
        expect(page.locator(".passkeys li")).to_have_count(1)
        page.get_by_role("button", name="Remove Phone").press("Enter")
        expect(page.locator(ALERT)).to_contain_text("could not sign in")
        require_sound(page)
        assert keys() == 1
