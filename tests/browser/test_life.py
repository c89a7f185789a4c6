"""The whole life of a commenter in a real browser, by the keyboard alone."""

import json

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.keys import choose, press, submit, tick, write
from tests.browser.test_public import reader, require_sound
from tests.browser.village import PASSWORD, Village

pytestmark = pytest.mark.browser
NAME, TEXT = "Wren by the weir", "Pans, cheap, at the bridge"
PAGE = "/t/daily/post-7?lang=en"


def removed(village: Village, comment: str) -> None:
    """By a moderator, elsewhere."""
    lines = json.loads((village.data / "accounts.json").read_bytes())
    token = next(line["token"] for line in lines if line["role"] == "moderator")
    removal = {"class": "spam", "facts": "An advertisement", "message": "No advertising here"}
    httpx.post(
        f"{village.url}/api/v1/moderation/comments/{comment}/remove",
        json=removal,
        headers={"authorization": f"Bearer {token}"},
    ).raise_for_status()


def join(page: Page, village: Village) -> None:
    """Sign up on the way to a comment, be verified, and accept the agreement."""
    page.goto(village.url + PAGE)
    write(page, page.get_by_label("Write a comment"), TEXT)
    submit(page, page.get_by_role("button", name="Go on"))
    submit(page, page.get_by_role("link", name="Sign up"))
    write(page, page.locator("#name"), NAME)
    write(page, page.locator("#password"), PASSWORD)
    page.keyboard.press("Enter")
    submit(page, page.get_by_role("button", name="Send it"))
    submit(page, page.locator("main [role=alert] a"))
    tick(page, page.locator("[name=consent]"))
    submit(page, page.get_by_role("button", name="Go to the provider"))
    submit(page, page.locator("button[value=zhou]"))
    submit(page, page.get_by_role("button", name="Send it"))
    submit(page, page.locator("main [role=alert] a"))
    submit(page, page.get_by_role("button", name="I have read and accept the agreement"))


def learn(page: Page, village: Village) -> None:
    """The lesson for the first comment, with all answers right: whoever is wrong is told which."""
    page.goto(f"{village.url}/account/lessons")
    submit(page, page.locator("main a[href*=first-comment]"))
    for question in page.locator("fieldset").all():
        choose(page, question.locator("input").first)
    submit(page, page.get_by_role("button", name="Check the answers"))
    while page.locator("fieldset strong").count():
        require_sound(page)
        for question in page.locator("fieldset").filter(has=page.locator("strong")).all():
            wrong = question.locator("input:checked").get_attribute("value")
            choose(page, question.locator(f"input[value='{int(wrong or 0) + 1}']"))
        submit(page, page.get_by_role("button", name="Check the answers"))
    expect(page.locator(".done")).to_be_visible()


def appeal(page: Page, village: Village) -> str:
    """From the notice to the number of the appeal."""
    page.goto(f"{village.url}/account/me")
    submit(page, page.get_by_role("link", name="Notices").last)
    require_sound(page)
    submit(page, page.get_by_role("link", name="Statement of reasons").first)
    write(page, page.locator("#statement"), "They are good pans.")
    submit(page, page.get_by_role("button", name="File the appeal"))
    return page.locator(".number").inner_text()


def leave(page: Page, village: Village) -> str:
    """Take a copy along and close. Returns the address of the link that is shown once."""
    page.goto(f"{village.url}/account/me")
    submit(page, page.locator("nav").get_by_role("link", name="Copy and closing"))
    with page.expect_download() as kept:
        press(page, page.get_by_role("link", name="Download my data"))
    copy = json.loads(kept.value.path().read_bytes())
    assert TEXT in json.dumps(copy)
    choose(page, page.locator("[name=comments][value=go]"))
    tick(page, page.locator("[name=sure]"))
    submit(page, page.get_by_role("button", name="Close the account"))
    require_sound(page)
    return page.locator("main code").inner_text()


@pytest.mark.clause("2017-6.1a", "2022-6.a")
def test_from_the_first_word_to_what_is_left_after_closing(
    chromium: Browser, village: Village
) -> None:
    with reader(chromium, scheme="dark", lang="en-GB") as page:
        join(page, village)
        submit(page, page.get_by_role("button", name="Send it"))
        expect(page.locator("main")).to_contain_text("Published.")
        require_sound(page)
        learn(page, village)
        page.goto(f"{village.url}/account/comments")
        mine = page.locator("main a[href^='/comment/']").first.get_attribute("href") or ""
        removed(village, mine.removeprefix("/comment/"))
        number = appeal(page, village)

        press_on = leave(page, village)
        page.goto(f"{village.url}/account/me")
        expect(page.get_by_role("button", name="Sign in").first).to_be_visible()
        page.goto(press_on)
        submit(page, page.get_by_role("button", name="Go in"))
        require_sound(page)
        submit(page, page.locator("nav").get_by_role("link", name="Reports and appeals"))
        expect(page.locator("main")).to_contain_text(number)
