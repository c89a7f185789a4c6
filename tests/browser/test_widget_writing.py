"""Writing in the widget: keys, drafts, emoji, preview, settings."""

import json

import pytest
from playwright.sync_api import Browser, Page, Route, expect
from tools.stage import Stage

from tests.browser.widget import opened, until

pytestmark = pytest.mark.browser


def begin(page: Page) -> None:
    """Open the composer as a reader does."""
    page.locator("gentie-prompt textarea").focus()
    page.locator("gentie-composer .bar").wait_for()


def test_a_comment_is_written_with_the_keyboard_alone(chromium: Browser, stage: Stage) -> None:
    with opened(chromium, f"{stage.url('en')}#gentie-write") as page:
        field = page.locator("gentie-composer textarea")
        expect(field).to_be_focused()
        page.keyboard.type("Thank you, *driver*.")
        page.keyboard.press("Control+Enter")
        mine = page.locator("article[id=gentie-new-1]")
        expect(mine).to_contain_text("Waiting for review.")
        expect(mine).to_be_focused()
        expect(field).to_have_value("")


def test_what_is_typed_while_the_composer_comes_is_kept(chromium: Browser, stage: Stage) -> None:
    with opened(chromium, stage.url("en", scene="empty")) as page:
        late: list[Route] = []
        page.route("**/composer-*.js", lambda route: late.append(route))  # noqa: PLW0108 Playwright marks what it calls
        page.locator("gentie-prompt textarea").focus()
        page.keyboard.type("Half")
        until(page, lambda: bool(late))
        late[0].continue_()
        page.locator("gentie-composer .bar").wait_for()
        page.keyboard.type(" a thought")
        expect(page.locator("gentie-composer textarea")).to_have_value("Half a thought")
        expect(page.locator("gentie-composer textarea")).to_be_focused()


def test_a_draft_outlives_the_page_unless_it_is_not_wanted(chromium: Browser, stage: Stage) -> None:
    with opened(chromium, stage.url("en", scene="empty")) as page:
        begin(page)
        page.locator("gentie-composer textarea").fill("Half a thought")
        page.reload()
        expect(page.locator("gentie-composer textarea")).to_have_value("Half a thought")
        page.locator("[data-opens=settings]").click()
        page.get_by_label("Keep what I have begun").uncheck()
        page.reload()
        page.locator("gentie-thread .foot [data-opens=settings]").wait_for()
        expect(page.locator("gentie-prompt textarea")).to_have_value("")


def test_a_sign_out_elsewhere_leaves_no_draft(chromium: Browser, stage: Stage) -> None:
    with opened(chromium, stage.url("en", scene="empty")) as page:
        begin(page)
        page.locator("gentie-composer textarea").fill("Half a thought")
        stage.signed_in = False
        page.reload()
        page.locator("gentie-prompt[known]").wait_for()
        assert page.evaluate("Object.keys(localStorage)") == []


def test_emoji_are_chosen_with_keys(chromium: Browser, stage: Stage) -> None:
    with opened(chromium, stage.url("en", scene="empty")) as page:
        begin(page)
        page.locator("gentie-composer textarea").fill("Hi ")
        page.locator("gentie-composer .ic").click()
        expect(page.locator("gentie-emoji button").first).to_be_focused()
        page.keyboard.press("ArrowDown")
        page.keyboard.press("ArrowRight")
        page.keyboard.press("Enter")
        chosen = page.locator("gentie-emoji button").nth(9).text_content()
        expect(page.locator("gentie-composer textarea")).to_have_value(f"Hi {chosen}")
        page.keyboard.press("Escape")
        expect(page.locator("gentie-composer .ic")).to_be_focused()
        assert page.locator("gentie-emoji").count() == 0


def test_a_preview_is_what_readers_would_see(chromium: Browser, stage: Stage) -> None:
    with opened(chromium, stage.url("en", scene="empty")) as page:
        begin(page)
        page.locator("gentie-composer textarea").fill("A **bold** word")
        page.get_by_role("button", name="Preview").click()
        expect(page.get_by_role("region", name="Preview").locator("strong")).to_have_text("bold")


def test_a_refusal_of_a_limited_reply_is_tied_to_the_field(chromium: Browser, stage: Stage) -> None:
    refusal: dict[str, object] = {"type": "/problems/replies-limited", "detail": "x"}
    stage.refusals["POST /comments"] = (403, refusal)
    context = chromium.new_context()
    page = context.new_page()
    page.goto(stage.url("en", scene="states"))
    page.locator("[id=gentie-c3] [data-opens=reply]").click()
    field = page.locator("[id=gentie-c3] textarea")
    expect(field).to_be_focused()
    field.fill("But")
    page.keyboard.press("Control+Enter")
    said = page.locator("[id=gentie-c3] [role=alert]")
    expect(said).to_have_text("The author limits who may reply.")
    described = field.get_attribute("aria-describedby") or ""
    assert (said.get_attribute("id") or "?") in described.split()
    expect(field).to_have_attribute("aria-invalid", "true")
    context.close()


def test_a_person_is_muted_and_a_limit_set(chromium: Browser, stage: Stage) -> None:
    with opened(chromium, stage.url("en", scene="states")) as page:
        page.locator("[id=gentie-c3] [data-opens=person]").click()
        page.get_by_label("Block").check()
        page.get_by_role("button", name="Save").click()
        expect(page.locator("[role=status]").first).to_contain_text("does not learn")
        page.locator("[id=gentie-mine-1] [data-opens=person]").click()
        expect(page.get_by_label("People I have replied to")).to_be_checked()
        page.get_by_label("Nobody").check()
        page.get_by_role("button", name="Save").click()
        expect(page.locator("[role=status]").first).to_have_text("Saved.")
        expect(page.locator("[id=gentie-mine-1] [data-opens=person]")).to_be_focused()
    bodies = [(path.split("/")[-2:], json.loads(body)) for _, path, _, body in stage.sent]
    assert bodies == [
        (["c3", "person"], {"keep": "blocked"}),
        (["mine-1", "replies"], {"from": "nobody"}),
    ]


def test_protection_takes_one_touch_and_saves_evidence(chromium: Browser, stage: Stage) -> None:
    with opened(chromium, stage.url("en", scene="states")) as page:
        page.locator("[data-opens=settings]").click()
        page.get_by_role("button", name="Protect me for a day").click()
        expect(page.locator("gentie-settings")).to_contain_text(
            "4 comments were saved as evidence."
        )
        link = page.get_by_role("link", name="See the evidence")
        expect(link).to_have_attribute("href", f"{stage.base}/account/evidence")
        page.locator("[id=gentie-c1] > .main > .acts [data-opens=report]").click()
        expect(page.get_by_label("Attach the evidence")).to_be_checked()
    assert json.loads(stage.sent[0][3]) == {"hours": 24}


def test_what_i_do_not_want_to_see_is_one_line(chromium: Browser, stage: Stage) -> None:
    with opened(chromium, stage.url("en", scene="states")) as page:
        folded = page.locator("[id=gentie-f1]")
        expect(folded).to_have_text("Hidden for you. Show", use_inner_text=True)
        folded.get_by_role("button").click()
        expect(folded).to_contain_text("Somebody I muted.")
        expect(folded).to_be_focused()
