"""The widget in the page around it: languages, looks, print, find, and what is read aloud."""

import pytest
from playwright.sync_api import Browser, Page, Route, ViewportSize, expect
from tools.stage import GROUND, Stage

from tests.browser.widget import DESK, PHONE, TABLET, opened, require_accessible, until
from tools import scenes

pytestmark = pytest.mark.browser

STYLES = b"""main { counter-reset: x } gentie-thread { --gentie-accent: rgb(122, 62, 0) }
gentie-thread::part(body) { letter-spacing: 3px }"""
LOOKS = """(at) => { const seen = getComputedStyle(at);
  return [at.lang, getComputedStyle(at.querySelector("p")).direction, seen.fontFamily]; }"""
LAST = "document.querySelector('gentie-thread').shadowRoot.querySelector('.feed > li:last-child')"


def test_each_comment_has_its_language_its_direction_and_its_glyphs(
    chromium: Browser, stage: Stage
) -> None:
    with opened(chromium, stage.url("zh-CN")) as page:

        def looks(comment: str) -> tuple[str, str, str]:
            found = page.locator(f"[id=gentie-{comment}] > .main > .body").evaluate(LOOKS)
            return found[0], found[1], found[2]

        hebrew, traditional = looks("a42-hebrew"), looks("a42-trad")
        assert hebrew[:2] == ("he", "rtl")
        assert traditional[:2] == ("zh-Hant", "ltr")
        assert "SC" not in traditional[2]
        simplified = page.locator("gentie-thread .body[lang=zh-CN]").first.evaluate(LOOKS)
        assert "SC" in simplified[2]


def test_a_page_gives_it_its_own_looks(chromium: Browser, stage: Stage) -> None:
    context = chromium.new_context(viewport=DESK)
    page = context.new_page()

    def styled(route: Route) -> None:
        route.fulfill(body=GROUND + STYLES, content_type="text/css")

    page.route("**/page.css", styled)
    page.goto(stage.url("en", scene="states"))
    colour = "at => getComputedStyle(at).color"
    assert page.locator("gentie-thread .more").first.evaluate(colour) == "rgb(122, 62, 0)"
    spacing = "at => getComputedStyle(at).letterSpacing"
    assert page.locator("gentie-thread .body").first.evaluate(spacing) == "3px"
    context.close()


def test_all_of_it_is_printed_and_nothing_to_press(chromium: Browser, stage: Stage) -> None:
    with opened(chromium, stage.url("en", scene="thousand")) as page:
        hidden = f"!{LAST}.querySelector('p').checkVisibility({{contentVisibilityAuto: true}})"
        assert page.evaluate(hidden)  # nobody draws a thousand for a window
        page.emulate_media(media="print")
        page.wait_for_function(f"!({hidden})")
        for pressed in (".compose", ".acts", ".sort", ".foot"):
            expect(page.locator(f"gentie-thread {pressed}").first).to_be_hidden()


def test_the_browser_finds_words_far_down(chromium: Browser, stage: Stage) -> None:
    with opened(chromium, stage.url("en", scene="thousand")) as page:
        page.evaluate(f"{LAST}.querySelector('.body p').append('quincunx')")
        assert page.evaluate("window.find('quincunx')")
        until(page, lambda: page.evaluate("scrollY") > DESK["height"])


def test_what_happens_is_said_once_and_politely(chromium: Browser, stage: Stage) -> None:
    with opened(chromium, stage.url("en", scene="states")) as page:
        said = page.locator("gentie-thread [aria-live=polite][role=status]")
        expect(said).to_have_count(1)
        page.evaluate(
            """() => {
              const room = document.querySelector("gentie-thread").shadowRoot;
              const status = room.querySelector("[role=status]");
              window.heard = [];
              const note = () => heard.push(status.textContent.trim());
              new MutationObserver(note).observe(status,
                { characterData: true, childList: true, subtree: true });
            }"""
        )
        page.get_by_role("button", name="Most agreed").click()
        expect(said).to_have_text("Sorted: Most agreed")
        assert page.evaluate("heard") == ["Sorted: Most agreed"]


def go_wrong(page: Page, stage: Stage) -> None:
    """Everything that is said when something does not go as somebody wants."""
    limited: dict[str, object] = {"type": "/problems/replies-limited", "detail": "x"}
    stage.refusals["POST /comments"] = (403, limited)
    stage.refusals["PUT /person"] = (503, {"type": "/problems/busy", "detail": "Busy."})
    page.locator("[id=gentie-c3] [data-opens=reply]").click()
    page.locator("[id=gentie-c3] textarea").fill("But")
    page.keyboard.press("Control+Enter")
    page.locator("[id=gentie-c3] [role=alert]:not(:empty)").wait_for()
    page.locator("[id=gentie-c4] [data-opens=person]").click()
    page.get_by_role("button", name="Save").click()
    page.locator("[id=gentie-c4] [role=alert]:not(:empty)").wait_for()
    page.locator("[id=gentie-c2] [data-opens=report]").click()
    page.get_by_role("button", name="Send report").click()
    page.locator("[id=gentie-c2] [role=alert]:not(:empty)").wait_for()
    page.locator("gentie-prompt textarea").focus()
    page.locator("gentie-composer .bar").first.wait_for()
    page.locator("gentie-prompt textarea").fill("x" * 5001)
    page.locator("[data-opens=settings]").click()
    page.get_by_role("button", name="Protect me for a day").click()
    page.get_by_role("button", name="End the protection").wait_for()
    news = {"count": 17, "comment": scenes.an_item("late", "New."), "root": None}
    until(page, lambda: bool(stage.readers))
    stage.tell("new", news)
    page.locator(".fresh:not(.further)").wait_for()
    page.evaluate("location.hash = 'gentie-nowhere'")
    page.get_by_text("further back").wait_for()


@pytest.mark.parametrize("size", [PHONE, TABLET, DESK], ids=["390", "768", "1280"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_what_goes_wrong_is_for_everybody_too(
    chromium: Browser, stage: Stage, theme: str, size: ViewportSize
) -> None:
    context = chromium.new_context(
        viewport=size, has_touch=size == PHONE, is_mobile=size == PHONE, reduced_motion="reduce"
    )
    page = context.new_page()
    page.goto(stage.url("en", theme, "states"))
    page.locator("gentie-thread [data-opens=settings]").wait_for()
    go_wrong(page, stage)
    require_accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    context.close()
    stage.protected_until = None


@pytest.mark.parametrize("scene", ["empty", "closed", "states"])
@pytest.mark.parametrize("size", [PHONE, TABLET, DESK], ids=["390", "768", "1280"])
def test_guests_read_without_a_hindrance(
    chromium: Browser, stage: Stage, scene: str, size: ViewportSize
) -> None:
    with opened(chromium, stage.foreign_url(scene=scene), size=size) as page:
        expect(page.get_by_role("button", name="Sign in")).to_be_visible()
        require_accessible(page)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
