"""Verifying in a real browser: codes, a document, an organisation, a child and its guardian."""

import sqlite3
from contextlib import closing

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.test_public import reader, require_sound
from tests.browser.village import Village, sign_up

pytestmark = pytest.mark.browser
NUMBER = "+86 139 0000 0000"
ALERT = "[role=alert]"
CENTRE = "/account/me"


def ask(page: Page, target: str) -> None:
    page.locator("#target").fill(target)
    page.locator("[name=consent]").check()
    page.locator("form .primary").click()


def enter(page: Page, code: str) -> None:
    page.locator("#code").fill(code)
    page.locator("form .primary").click()


def other_than(code: str) -> str:
    return "000000" if code != "000000" else "111111"


def let_codes_run_out(village: Village) -> None:
    with closing(sqlite3.connect(village.data / "gentie.db", timeout=10)) as db, db:
        db.execute("UPDATE verification_code SET expires_at = '2026-01-01 00:00:00'")


@pytest.mark.clause("2017-5.1a", "2022-4.1a")
def test_a_phone_is_shown_by_a_code(chromium: Browser, village: Village) -> None:
    """Bad number, wrong code, too many tries, too late, and right: in Chinese, in the light."""
    with reader(chromium, scheme="light", lang="zh-CN") as page:
        sign_up(page, village, "渡口的灯", back=CENTRE)
        page.get_by_role("link", name="核验身份").click()
        require_sound(page)
        page.get_by_role("link", name="短信").click()
        ask(page, "12")
        expect(page.locator(ALERT)).to_be_visible()
        expect(page.locator("#target")).to_have_value("12")
        require_sound(page)

        ask(page, NUMBER)
        enter(page, other_than(village.code()))
        expect(page.locator(ALERT)).to_be_visible()
        require_sound(page)
        for _ in range(4):
            enter(page, other_than(village.code()))
        enter(page, village.code())
        expect(page.locator(ALERT)).to_be_visible()

        page.get_by_role("link", name="再发一个").click()
        ask(page, NUMBER)
        let_codes_run_out(village)
        enter(page, village.code())
        expect(page.locator(ALERT)).to_be_visible()

        page.get_by_role("link", name="再发一个").click()
        ask(page, NUMBER)
        enter(page, village.code())
        page.wait_for_url(f"**{CENTRE}")
        expect(page.locator("#main .done")).to_contain_text("手机")


@pytest.mark.clause("2022f-4.1")
def test_an_organisation_and_a_document(chromium: Browser, village: Village) -> None:
    """In English, in the dark. The document's answer comes later; nobody has to wait for it."""
    with reader(chromium, scheme="dark", lang="en-GB") as page:
        sign_up(page, village, "Weavers of the quay", back=CENTRE)
        page.goto(f"{village.url}/account/verify?next={CENTRE}")
        page.get_by_role("link", name="Register of organisations").click()
        ask(page, "91350100M000100Y44")
        expect(page.locator(ALERT)).to_contain_text("code")
        require_sound(page)
        ask(page, "91350100M000100Y43")
        require_sound(page)
        enter(page, village.code())
        expect(page.locator("#main .done")).to_contain_text("as an organisation")

        page.context.clear_cookies()
        sign_up(page, village, "Paper boat", back=CENTRE)
        page.goto(f"{village.url}/account/verify?next={CENTRE}")
        page.get_by_role("link", name="Papers Ltd").click()
        require_sound(page)
        page.locator("[name=consent]").check()
        page.locator("form .primary").click()
        page.wait_for_url("**/show")
        assert village.papers.say("verified", "110101199003071234").status_code == 204
        page.goto(village.url + CENTRE)
        expect(page.locator("#main .done")).to_contain_text("by identity document")


def by_the_sandbox(page: Page, who: str, *, back: str) -> None:
    page.locator("[name=consent]").check()
    page.locator("form[action='/account/verify'] .primary").click()
    page.locator(f"button[value={who}]").click()
    page.wait_for_url(f"**{back}")


def test_a_child_asks_and_a_guardian_answers(chromium: Browser, village: Village) -> None:
    with (
        reader(chromium, scheme="light", lang="zh-CN") as child,
        reader(chromium, scheme="dark", lang="en-GB") as grown,
    ):
        sign_up(child, village, "小米粒", back="/account/guardian")
        child.goto(f"{village.url}/account/verify?next=/account/guardian")
        by_the_sandbox(child, "mi", back="/account/guardian")
        child.get_by_role("button", name="请监护人同意").click()
        require_sound(child)
        link = child.locator(".done code").inner_text()

        sign_up(grown, village, "Mother of Mi")
        grown.goto(link)
        require_sound(grown)
        grown.locator("main a[href^='/account/verify']").click()
        by_the_sandbox(grown, "brook", back=link.removeprefix(village.url))
        require_sound(grown)
        grown.get_by_role("checkbox").check()
        grown.get_by_role("button", name="Consent").click()
        expect(grown.locator("#main")).to_contain_text("小米粒")
        require_sound(grown)
        child.reload()
        expect(child.locator("#main")).to_contain_text("Mother of Mi")
        grown.get_by_role("button", name="Take the consent back").click()
        expect(grown.locator("#main")).to_contain_text("taken back on")
