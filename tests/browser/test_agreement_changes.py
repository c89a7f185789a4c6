"""A new version with other rules is started on the same data: people see what changed."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.keys import submit
from tests.browser.test_public import reader, require_sound
from tests.browser.village import PASSWORD
from tests.serving import serving

pytestmark = pytest.mark.browser
AGREEMENT = "/account/agreement?regime=neutral"
NEWER = """
import msgspec
from gentie.main import compose
shipped = compose.shipped_regimes
def newer():
    one = shipped()["neutral"]
    windows = msgspec.structs.replace(one.windows, appeal_days=77)
    return {**shipped(), "neutral": msgspec.structs.replace(one, windows=windows)}
compose.shipped_regimes = newer
"""
"""As an update of Gentie does it: the regime that comes with it gives other days for appeals."""


def accept(page: Page) -> None:
    submit(page, page.locator("form.accept button"))


@pytest.mark.clause("2017-6.1a", "2022-6.a")
def test_a_changed_agreement_is_shown_and_accepted_anew(chromium: Browser, tmp_path: Path) -> None:
    data = tmp_path / "served"
    with reader(chromium, scheme="light", lang="zh-CN") as page:
        with serving(data) as (_, address):
            page.goto(f"{address}/account/sign-up?next={AGREEMENT}")
            page.locator("#name").fill("读协议的人")
            page.locator("#password").fill(PASSWORD)
            page.locator("form[action='/account/sign-up'] button").click()
            accept(page)
        with serving(data, before=NEWER) as (_, address):
            page.goto(f"{address}/account/me")
            require_sound(page)
            submit(page, page.get_by_role("link", name="查看改动并重新接受"))
            expect(page.locator("dl del").first).to_be_visible()
            expect(page.locator("dl ins").first).to_contain_text("77")
            require_sound(page)
            page.emulate_media(color_scheme="dark")
            require_sound(page)
            with page.expect_download() as kept:
                page.get_by_role("link", name="下载").click()
            assert "77" in kept.value.path().read_text(encoding="utf-8")
            accept(page)
            page.goto(f"{address}/account/me")
            expect(page.locator("#main")).to_contain_text("第 2 版")
            expect(page.locator(".waiting")).to_have_count(1)  # not verified; nothing else waits
