"""Files at the desk in a real browser: shut, opened and shut again by one key."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, expect

from tests.browser.test_console import press, refuse_but_publish, signed_in, target, too_wide
from tests.browser.widget import PHONE, require_accessible
from tests.web.console.live import LiveDesk

pytestmark = pytest.mark.browser


@pytest.mark.clause("2022-2.2")
def test_a_picture_is_looked_at_by_key_and_hidden_again(chromium: Browser, tmp_path: Path) -> None:
    """The item is an older one's: keys lead to it as they lead to every other."""
    with LiveDesk(tmp_path) as live, signed_in(chromium, live) as page:
        press(page, "j")
        for _ in range(5):
            words = target(page).text_content() or ""
            press(page, "e")
            expect(target(page)).not_to_have_text(words)
        expect(target(page)).to_contain_text("站牌换成这样了")
        shut = page.locator("details.media")
        expect(shut.locator("img")).not_to_be_visible()
        expect(page.locator(".target")).to_contain_text("渡口 6:40")

        press(page, "1")
        expect(shut.locator("img")).to_be_visible()
        require_accessible(page)
        press(page, "1")
        expect(shut.locator("img")).not_to_be_visible()


@pytest.mark.clause("2022-2.2", "2017-5.5a")
def test_a_picture_is_judged_on_a_phone(chromium: Browser, tmp_path: Path) -> None:
    """With a finger: there are no keys."""
    with LiveDesk(tmp_path) as live, signed_in(chromium, live, size=PHONE) as page:
        page.get_by_role("button", name="Open the first").tap()
        while "站牌换成这样了" not in (words := target(page).text_content() or ""):
            page.get_by_role("button", name="Give back").tap()
            expect(target(page)).not_to_have_text(words)
        page.locator("details.media summary").tap()
        expect(page.locator("details.media img")).to_be_visible()
        assert too_wide(page) == []

        page.locator("select[name=class]").select_option("spam")
        refuse_but_publish(page, "站牌换成这样了", by=Locator.tap)
        expect(target(page)).not_to_contain_text("站牌换成这样了")
