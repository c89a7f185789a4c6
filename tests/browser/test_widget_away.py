"""The widget on a page of another site: reading, signing in by a window, nothing from elsewhere."""

from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect
from tools.stage import Stage

from tests.browser.widget import DESK, opened

pytestmark = pytest.mark.browser


def begin(page: Page, text: str) -> None:
    page.locator("gentie-prompt textarea").focus()
    page.locator("gentie-composer .bar").wait_for()
    page.locator("gentie-composer textarea").fill(text)


def answer(popup: Page, button: str) -> None:
    """The window closes on that, so nothing may wait in it for the click to end."""
    with popup.expect_event("close"):
        popup.locator(button).evaluate("(one) => { setTimeout(() => one.click()); }")


def test_reading_asks_for_nothing_personal_and_nobody_else(chromium: Browser, stage: Stage) -> None:
    """Every request that a page with the widget makes, every lazy part opened."""
    got: list[str] = []
    context = chromium.new_context(viewport=DESK)
    page = context.new_page()
    page.on("request", lambda request: got.append(request.url))
    page.goto(stage.foreign_url(scene="states"))
    page.locator("gentie-thread .feed").wait_for()
    assert [one for one in got if "/mine" in one or "/session" in one] == []
    begin(page, "Hi")
    page.locator("gentie-composer .ic").click()
    page.locator("gentie-emoji").wait_for()
    page.locator("[id=gentie-c3] [data-opens=report]").click()
    page.locator("form.report").wait_for()
    page.locator("[id=gentie-c1] [data-opens=history]").click()
    page.locator("gentie-history li").first.wait_for()
    heard = {"{0.scheme}://{0.netloc}".format(urlsplit(one)) for one in got}
    host = urlsplit(stage.foreign_url())
    assert heard - {"data://"} == {stage.base, f"{host.scheme}://{host.netloc}"}
    context.close()


def test_a_comment_is_sent_after_signing_in_by_a_window(chromium: Browser, stage: Stage) -> None:
    with opened(chromium, stage.foreign_url(scene="states")) as page:
        begin(page, "From afar")
        with page.expect_popup() as opening:
            page.get_by_role("button", name="Send for review").click()
        popup = opening.value
        popup.locator("#yes").wait_for()
        asked = parse_qs(urlsplit(popup.url).query)
        assert asked["site"] == ["daily"]
        assert asked["mode"] == ["popup"]
        assert len(asked["code_challenge"][0]) == 43
        assert urlsplit(popup.url).path == "/account/connect"
        popup.wait_for_load_state("load")
        answer(popup, "#yes")
        expect(page.locator("[id=gentie-new-1]")).to_contain_text("Waiting for review.")
        expect(page.locator(".foot")).to_contain_text("Signed in as")
        exchanged, posted = stage.sent
        assert exchanged[1] == "/api/v1/session/exchange"
        assert posted[2]["authorization"] == "Bearer t0ken"
        kept = page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}])")
        assert "t0ken" not in kept

        page.get_by_role("button", name="Sign out").click()
        expect(page.get_by_role("button", name="Sign in")).to_be_visible()
        expect(page.locator("[id=gentie-new-1]")).to_have_count(0)


def test_who_declines_is_where_they_were(chromium: Browser, stage: Stage) -> None:
    with opened(chromium, stage.foreign_url(scene="empty")) as page:
        begin(page, "From afar")
        with page.expect_popup() as opening:
            page.get_by_role("button", name="Send for review").click()
        opening.value.wait_for_load_state("load")
        answer(opening.value, "#no")
        expect(page.locator("gentie-composer textarea")).to_have_value("From afar")
        assert stage.sent == []


def test_an_answer_of_somebody_else_is_none(chromium: Browser, stage: Stage) -> None:
    with opened(chromium, stage.foreign_url(scene="empty")) as page:
        begin(page, "From afar")
        with page.expect_popup() as opening:
            page.get_by_role("button", name="Send for review").click()
        popup = opening.value
        popup.wait_for_load_state("load")
        state = parse_qs(urlsplit(popup.url).query)["state"][0]
        page.evaluate("state => postMessage({type: 'gentie:code', state, code: 'x'})", state)
        popup.evaluate(
            "() => opener.postMessage({type: 'gentie:code', state: 'x', code: 'x'}, '*')"
        )
        answer(popup, "#no")
        expect(page.locator("gentie-composer .btn")).to_be_enabled()
        assert stage.sent == []


def test_without_windows_the_way_is_there_and_back(chromium: Browser, stage: Stage) -> None:
    context = chromium.new_context(viewport=DESK)
    page = context.new_page()
    page.add_init_script("window.open = () => null")
    page.goto(stage.foreign_url(scene="empty"))
    page.locator("gentie-thread .thread").wait_for()
    begin(page, "From afar")
    page.get_by_role("button", name="Send for review").click()
    page.wait_for_url("**/account/connect**")
    asked = parse_qs(urlsplit(page.url).query)
    assert asked["mode"] == ["redirect"]
    assert asked["return_to"] == [stage.foreign_url(scene="empty")]
    page.goto(f"{asked['return_to'][0]}#gentie-code=c0de&gentie-state={asked['state'][0]}")
    expect(page.locator(".foot")).to_contain_text("Signed in as")
    assert urlsplit(page.url).fragment == ""
    expect(page.locator("gentie-composer textarea")).to_have_value("From afar")

    page.goto("about:blank")
    stage.sent.clear()
    page.goto(f"{asked['return_to'][0]}#gentie-code=c0de&gentie-state={asked['state'][0]}")
    page.locator("gentie-thread .thread").wait_for()
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()
    assert stage.sent == []
    context.close()


def test_a_site_brings_a_language_of_its_own(chromium: Browser, stage: Stage) -> None:
    with opened(chromium, f"{stage.url('fr')}?texts=/fr.json") as page:
        expect(page.locator("gentie-thread h2")).to_have_text("Commentaires")
        expect(page.locator("gentie-thread .n")).to_contain_text("commentaires")
        expect(page.locator("gentie-thread .thread")).to_have_attribute("lang", "fr")
        expect(page.locator("gentie-thread .sort")).to_contain_text("Newest")


def test_a_language_from_right_to_left_turns_the_page(chromium: Browser, stage: Stage) -> None:
    with opened(chromium, f"{stage.url('ar', scene='states')}?texts=/fr.json") as page:
        rail = page.locator(".replies").first
        side = "at => getComputedStyle(at).borderRightWidth"
        assert rail.evaluate(side) == "2px"
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_numbers_and_recent_comments_for_lists(chromium: Browser, stage: Stage) -> None:
    context = chromium.new_context(viewport=DESK)
    page = context.new_page()
    page.goto(f"{stage.base}/lists")
    expect(page.locator("gentie-count").first).to_have_text("1,200")
    expect(page.locator("gentie-count").nth(1)).to_have_text("0")
    expect(page.locator("gentie-recent li")).to_have_count(2)
    link = page.locator("gentie-recent a").first
    expect(link).to_have_attribute("href", f"{stage.base}/t/daily/k?comment=x0")
    assert [one for one in stage.asked if "counts" in one] == [
        "GET /api/v1/sites/daily/counts?key=a&key=b"
    ]
    context.close()
