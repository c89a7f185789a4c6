"""The widget as browsers run it: under our own headers, in both languages, themes and sizes."""

import pytest
from playwright.sync_api import Browser, ViewportSize, expect
from tools.stage import Stage

from tests.browser.widget import DESK, PHONE, TABLET, opened, require_accessible, until

pytestmark = pytest.mark.browser

FINGER = 44
HEIGHTS = "(all) => all.map((one) => one.getBoundingClientRect().height)"
FAR = "gentie-thread { display: block; margin-top: 9000px; }"


def test_it_runs_under_a_strict_policy_and_replaces_what_was_there(
    chromium: Browser, stage: Stage
) -> None:
    with opened(chromium, stage.url()) as page:
        expect(page.locator("#fallback")).to_be_hidden()
        assert page.locator("gentie-thread article").count() > 50
        assert page.locator("gentie-thread .body strong").count() > 0


@pytest.mark.parametrize("size", [PHONE, TABLET, DESK], ids=["390", "768", "1280"])
@pytest.mark.parametrize(("lang", "theme"), [("zh-CN", "light"), ("en", "dark")])
def test_nothing_stands_in_anyones_way(
    chromium: Browser, stage: Stage, lang: str, theme: str, size: ViewportSize
) -> None:
    """Every state of a comment, and every form, open all at once."""
    with opened(chromium, stage.url(lang, theme, "states"), size=size) as page:
        page.locator("gentie-prompt textarea").focus()
        page.locator("gentie-composer .ic").click()
        page.locator("gentie-emoji").wait_for()
        for opens, form, at in (
            ("history", "gentie-history li", "c1"),
            ("report", "form.report", "c2"),
            ("reply", "gentie-composer", "c3"),
            ("person", "gentie-person form", "c4"),
            ("withdraw", ".confirm", "mine-1"),
            ("edit", "gentie-composer", "mine-2"),
        ):
            article = page.locator(f"[id=gentie-{at}]")
            article.locator(f"[data-opens={opens}]").click()
            article.locator(form).first.wait_for()
        page.locator("[data-opens=settings]").click()
        page.locator("gentie-settings .panel").wait_for()
        require_accessible(page)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("scene", ["empty", "closed", "twenty"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_reading_is_for_everybody(chromium: Browser, stage: Stage, theme: str, scene: str) -> None:
    stage.signed_in = False
    with opened(chromium, stage.url("zh-CN", theme, scene), contrast="more") as page:
        require_accessible(page)


def test_a_failure_is_said_and_what_was_there_stays(chromium: Browser, stage: Stage) -> None:
    stage.refusals["GET /comments"] = (503, {"type": "/problems/busy", "detail": "Busy."})
    context = chromium.new_context()
    page = context.new_page()
    page.goto(stage.url("en"))
    expect(page.locator("gentie-thread [role=alert]")).to_contain_text("Busy.")
    expect(page.locator("#fallback")).to_be_visible()
    stage.refusals.clear()
    page.locator("gentie-thread [role=alert] button").click()
    page.locator("gentie-thread .feed").wait_for()
    expect(page.locator("#fallback")).to_be_hidden()
    context.close()


def test_it_brings_its_own_ground_into_a_page_that_knows_no_dark(
    chromium: Browser, stage: Stage
) -> None:
    with opened(chromium, stage.url("en", "dark")) as page:
        page.evaluate("document.documentElement.dataset.theme = 'light'")
        ground = "getComputedStyle(document.querySelector('gentie-thread')).backgroundColor"
        assert page.evaluate(ground) == "rgb(20, 23, 21)"


def test_a_phone_scrolls_one_way_and_takes_fingers(chromium: Browser, stage: Stage) -> None:
    with opened(chromium, stage.url(scene="states"), size=PHONE) as page:
        page.locator("gentie-thread .vote").first.wait_for()
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        buttons = page.locator("gentie-thread button:visible")
        expect(buttons.nth(20)).to_be_visible()
        # What is drawn anew between being found and being measured has no height for a moment.
        until(page, lambda: min(buttons.evaluate_all(HEIGHTS)) >= FINGER)


def test_a_link_brings_its_comment_into_sight(chromium: Browser, stage: Stage) -> None:
    with opened(chromium, f"{stage.url()}#gentie-a42-hebrew") as page:
        article = page.locator("article[id=gentie-a42-hebrew]")
        expect(article).to_be_focused()
        expect(article).to_be_in_viewport()
        page.evaluate("location.hash = 'gentie-a42-arabic'")
        expect(page.locator("article[id=gentie-a42-arabic]")).to_be_focused()
        expect(page.locator("gentie-thread .lit")).to_have_count(1)


def test_nothing_is_fetched_before_the_thread_is_near(chromium: Browser, stage: Stage) -> None:
    context = chromium.new_context(viewport=DESK)
    page = context.new_page()
    got: list[str] = []
    page.on("request", lambda request: got.append(request.url.removeprefix(stage.base)))
    page.route("**/page.css", lambda route: route.fulfill(body=FAR, content_type="text/css"))
    page.goto(stage.url("en"))
    page.wait_for_load_state("load")
    frames = "() => new Promise(go => requestAnimationFrame(() => requestAnimationFrame(go)))"
    page.evaluate(frames)  # when an observer has had its say
    assert [one for one in got if one.startswith(("/api", "/embed"))] == ["/embed/v1/widget.js"]
    page.locator("gentie-thread").scroll_into_view_if_needed()
    page.locator("gentie-thread .feed").wait_for()
    assert any(one.startswith("/api/v1/sites/daily/threads") for one in got)
    context.close()
