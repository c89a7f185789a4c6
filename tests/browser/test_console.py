"""The desk in a real browser: by keyboard alone, without script, in both languages and themes."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import pytest
from playwright.sync_api import Browser, Locator, Page, StorageState, ViewportSize, expect

from tests.actions.identity.build import PASSWORD
from tests.browser.widget import PHONE
from tests.web.console.live import CHIEF, MODERATOR, Live, LiveDesk, code_now

pytestmark = pytest.mark.browser

AXE = Path(__file__).parents[2] / "widget" / "node_modules" / "axe-core" / "axe.min.js"
WIDE: ViewportSize = {"width": 1440, "height": 900}
RULES = "{runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']}"
TOO_WIDE = """() => ["html", "main", ".list", ".scroll", ".sheet"]
  .flatMap((name) => [...document.querySelectorAll(name)])
  .filter((one) => one.scrollWidth > one.clientWidth)
  .map((one) => `${one.tagName} ${one.className}`)"""


class Watched(NamedTuple):
    """A desk that tests only look at, and the session of who looks: a code opens one only."""

    live: Live
    session: StorageState


@pytest.fixture(scope="module")
def watched(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watched]:
    with LiveDesk(tmp_path_factory.mktemp("watched")) as live:
        with signed_in(chromium, live, CHIEF) as page:
            session = page.context.storage_state()
        yield Watched(live, session)


@pytest.fixture
def live(tmp_path: Path) -> Iterator[Live]:
    """A desk to work at."""
    with LiveDesk(tmp_path) as live:
        yield live


@contextmanager
def signed_in(
    chromium: Browser,
    live: Live,
    name: str = MODERATOR,
    *,
    script: bool = True,
    size: ViewportSize = WIDE,
) -> Iterator[Page]:
    context = chromium.new_context(
        locale="en-GB", viewport=size, java_script_enabled=script, has_touch=size != WIDE
    )
    page = context.new_page()
    page.goto(f"{live.url}/account/sign-in?next=/console/queue")
    page.locator("[name=name]").fill(name)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("[name=code]").fill(code_now())
    page.locator("button.primary").first.click()
    page.wait_for_url("**/console/queue")
    yield page
    context.close()


@contextmanager
def looking(chromium: Browser, watched: Watched, lang: str = "en-GB") -> Iterator[Page]:
    context = chromium.new_context(locale=lang, viewport=WIDE, storage_state=watched.session)
    yield context.new_page()
    context.close()


def script_has_run(page: Page) -> None:
    """A page shows its words before its modules run; they have when it tells of its content."""
    page.wait_for_load_state("domcontentloaded")


def press(page: Page, key: str) -> None:
    """Press a key of the desk once the script that knows the keys has run."""
    script_has_run(page)
    page.keyboard.press(key)


def too_wide(page: Page) -> list[str]:
    """What has to be moved sideways to be read. Tables may, in a box of their own."""
    found: list[str] = page.evaluate(TOO_WIDE)
    return found


def target(page: Page) -> Locator:
    return page.locator(".target .words")


def refuse_but_publish(page: Page, words: str, *, by: Callable[[Locator], None]) -> None:
    """Refuse what is open, take that back in time, and publish it."""
    by(page.get_by_role("button", name="Refuse"))
    expect(page.locator(".done")).to_contain_text("takes effect in")
    by(page.get_by_role("button", name="Undo"))
    expect(target(page)).to_contain_text(words)
    by(page.get_by_role("button", name="Publish"))
    expect(page.locator(".done")).to_contain_text("Published")


def test_a_shift_by_keyboard_alone(chromium: Browser, live: Live) -> None:
    with signed_in(chromium, live) as page:
        press(page, "j")
        expect(target(page)).to_contain_text("司机工号 4471")

        press(page, "/")
        expect(page.locator("select[name=class]")).to_be_focused()
        page.keyboard.type("3.1")
        expect(page.locator(".rule b")).to_contain_text("3.1 Personal attack")
        expect(page.locator("[name=message]")).to_have_value(re.compile("paragraph 3.1"))
        press(page, "Escape")

        press(page, "r")
        expect(page.locator(".done")).to_contain_text("takes effect in")
        expect(target(page)).to_contain_text("代购限量票")
        press(page, "z")
        expect(target(page)).to_contain_text("司机工号 4471")
        expect(page.locator(".done")).to_have_count(0)

        press(page, "a")
        expect(page.locator(".done")).to_contain_text("Published")
        expect(page.locator(".stat [data-waiting]")).to_have_text("6")
        press(page, "z")
        expect(page.locator(".stat [data-waiting]")).to_have_text("7")
        expect(target(page)).to_contain_text("代购限量票")

        press(page, "j")
        expect(target(page)).to_contain_text("Does anyone know")
        press(page, "k")
        expect(target(page)).to_contain_text("代购限量票")
        press(page, "e")
        expect(target(page)).to_contain_text("Does anyone know")

        press(page, "p")
        expect(page.get_by_role("heading", name="Paused")).to_be_visible()
        press(page, "p")
        expect(page.locator("form.decide")).to_be_visible()


def test_keys_are_letters_where_somebody_types_and_can_be_switched_off(
    chromium: Browser, live: Live
) -> None:
    with signed_in(chromium, live) as page:
        press(page, "j")
        facts = page.locator("[name=facts]")
        facts.fill("")
        facts.press_sequentially("rapz?")
        expect(facts).to_have_value("rapz?")
        press(page, "Escape")

        press(page, "?")
        expect(page.locator("dialog")).to_be_visible()
        press(page, "a")
        page.get_by_label("Single keys are on").uncheck()
        press(page, "Escape")
        press(page, "a")
        page.reload()
        press(page, "r")

        expect(target(page)).to_contain_text("司机工号 4471")
        expect(page.locator(".stat [data-waiting]")).to_have_text("7")


def test_without_script_the_same_forms_do_it(chromium: Browser, live: Live) -> None:
    with signed_in(chromium, live, script=False) as page:
        page.get_by_role("button", name="Open the first").click()
        refuse_but_publish(page, "司机工号 4471", by=Locator.click)


def open_unmarked(page: Page) -> None:
    """Open the oldest item in which screening found nothing."""
    row = page.locator(".q button", has_text="Nothing found").first
    row.click()
    expect(target(page)).to_contain_text("Does anyone know")


def test_nobody_refuses_on_a_ground_that_nobody_chose(chromium: Browser, live: Live) -> None:
    with signed_in(chromium, live) as page:
        open_unmarked(page)
        picker, facts, message = (
            page.locator(f"[name={n}]") for n in ("class", "facts", "message")
        )
        expect(picker).to_have_value("")
        expect(page.locator(".rule")).to_be_hidden()
        press(page, "r")
        expect(picker).to_be_focused()
        expect(page.locator(".bar").get_by_role("status")).to_contain_text("needs a ground")
        assert faults_of(page) == []
        page.locator(".decide .no").click()
        expect(picker).to_be_focused()
        expect(target(page)).to_contain_text("Does anyone know")
        expect(page.locator(".done")).to_have_count(0)

        facts.fill("Asked three times")
        picker.select_option("spam")
        expect(page.locator(".rule b")).to_contain_text("3.4")
        expect(page.locator("[data-record]")).to_have_attribute("href", re.compile("class=spam"))
        expect(facts).to_have_value("Asked three times")
        expect(message).to_have_value(re.compile("paragraph 3.4"))
        expect(page.get_by_role("status")).to_have_text("")
        picker.select_option("")
        expect(page.locator(".rule")).to_be_hidden()
        expect(facts).to_have_value("Asked three times")
        expect(message).to_have_value("")
        facts.fill("")
        picker.select_option("abuse")
        expect(facts).to_have_value(re.compile("Does anyone know"))
        press(page, "Escape")
        page.locator("main").focus()
        press(page, "r")
        expect(page.locator(".done")).to_contain_text("takes effect in")


def test_publishing_needs_no_ground(chromium: Browser, live: Live) -> None:
    with signed_in(chromium, live) as page:
        open_unmarked(page)
        press(page, "r")
        expect(page.locator("select[name=class]")).to_be_focused()
        press(page, "Escape")
        press(page, "a")
        expect(page.locator(".done")).to_contain_text("Published")


def test_a_suggestion_is_marked_as_the_signals(chromium: Browser, live: Live) -> None:
    with signed_in(chromium, live) as page:
        press(page, "j")
        marks = page.get_by_text("Suggested by a signal")
        expect(marks).to_have_count(2)
        expect(marks.first).to_be_visible()
        expect(marks.last).to_be_visible()
        page.locator("select[name=class]").select_option("abuse")
        expect(marks.first).to_be_hidden()
        expect(marks.last).to_be_hidden()


def test_without_script_a_missing_ground_is_asked_for(chromium: Browser, live: Live) -> None:
    with signed_in(chromium, live, script=False) as page:
        open_unmarked(page)
        page.locator("[name=facts]").fill("Asked three times")
        page.get_by_role("button", name="Refuse").click()
        expect(page.get_by_role("alert")).to_contain_text("needs a class, facts and a message")
        expect(page.locator("[name=facts]")).to_have_value("Asked three times")
        expect(page.locator("select[name=class]")).to_have_value("")
        page.locator("select[name=class]").select_option("spam")
        page.locator("[name=message]").fill("Once is enough.")
        page.get_by_role("button", name="Refuse").click()
        expect(page.locator(".done")).to_contain_text("takes effect in")


def test_the_time_of_a_row_stays_on_one_line(chromium: Browser, watched: Watched) -> None:
    with looking(chromium, watched) as page:
        page.goto(f"{watched.live.url}/console/queue")
        lines = page.locator(".r1").first.evaluate(
            """row => {
                row.firstElementChild.textContent = "A title that goes on ".repeat(20);
                row.lastElementChild.textContent = "123:45:67";
                return [...row.children].map((part) => {
                    const range = document.createRange();
                    range.selectNodeContents(part);
                    return new Set([...range.getClientRects()].map(({ top }) => top)).size;
                });
            }"""
        )

        assert lines[0] > 1
        assert lines[1] == 1


def test_the_second_moderator_is_told(chromium: Browser, live: Live) -> None:
    with signed_in(chromium, live) as first, signed_in(chromium, live, CHIEF) as second:
        press(first, "j")
        expect(target(first)).to_contain_text("司机工号 4471")
        second.goto(first.url)
        expect(second.locator(".note")).to_have_text("A colleague is working on this item.")
        item = first.url
        press(first, "a")
        expect(first.locator(".done")).to_contain_text("Published")
        second.goto(item)
        expect(second.locator(".note")).to_have_text("Moderator was first: Published.")


def test_the_lease_is_kept_while_somebody_is_there(chromium: Browser, live: Live) -> None:
    with signed_in(chromium, live) as page:
        page.clock.install()
        press(page, "j")
        expect(page.locator("form.decide")).to_be_visible()
        script_has_run(page)
        with page.expect_response("**/api/v1/moderation/items/*/claim") as kept:
            page.clock.run_for(30_000)

        assert kept.value.status == 200
        expect(page.locator("[data-lost]")).to_be_hidden()


def test_what_is_new_waits_for_a_key(chromium: Browser, live: Live) -> None:
    with signed_in(chromium, live) as page, signed_in(chromium, live, CHIEF) as other:
        page.clock.install()
        press(page, "j")
        rows = page.locator(".q li")
        expect(rows).to_have_count(7)
        script_has_run(page)
        other.goto(f"{live.url}/console/comment?ref={live.published}")
        other.get_by_role("button", name="Reverse").click()
        expect(other.locator(".state").first).to_have_text("Waiting")

        page.clock.run_for(10_000)
        expect(page.locator(".more")).to_have_text("1 new: load with N")
        expect(rows).to_have_count(7)
        press(page, "n")
        expect(rows).to_have_count(8)
        expect(target(page)).to_contain_text("司机工号 4471")


def places(live: Live) -> list[str]:
    return [
        "queue",
        f"comment?ref={live.published}",
        f"comment?ref={live.removed}",
        "decisions",
        "reports",
        "appeals",
        "sites/daily",
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("lang", ["zh-CN", "en-GB"])
def test_everybody_can_use_it(chromium: Browser, watched: Watched, lang: str, scheme: str) -> None:
    with looking(chromium, watched, lang) as page:
        page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        for place in places(watched.live):
            page.goto(f"{watched.live.url}/console/{place}")
            assert faults_of(page) == [], place
        page.goto(f"{watched.live.url}/console/queue")
        press(page, "j")
        expect(page.locator("form.decide")).to_be_visible()
        assert faults_of(page) == []
        press(page, "p")
        page.wait_for_url("**paused**")


@pytest.mark.parametrize("width", [1280, 768, 390])
def test_it_fits(chromium: Browser, watched: Watched, width: int) -> None:
    with looking(chromium, watched) as page:
        page.set_viewport_size({"width": width, "height": 800})
        for place in places(watched.live):
            page.goto(f"{watched.live.url}/console/{place}")
            assert too_wide(page) == [], place


def test_on_a_phone_the_place_where_one_is_can_be_seen(chromium: Browser, watched: Watched) -> None:
    with looking(chromium, watched) as page:
        page.set_viewport_size(PHONE)
        page.goto(f"{watched.live.url}/console/queue")
        links = page.locator(".side > a").evaluate_all("(all) => all.map((one) => one.href)")
        assert links
        for link in links:
            page.goto(link)
            expect(page.locator(".side [aria-current]")).to_be_in_viewport(ratio=1)


def test_nothing_breaks_its_own_policy(chromium: Browser, watched: Watched) -> None:
    said: list[str] = []
    with looking(chromium, watched) as page:
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(error.message))
        for place in places(watched.live):
            page.goto(f"{watched.live.url}/console/{place}")

    assert [one for one in said if "favicon" not in one and "404" not in one] == []


def faults_of(page: Page) -> list[tuple[str, str]]:
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate(f"axe.run(document, {RULES})")
    return [(one["id"], one["nodes"][0]["html"]) for one in found["violations"]]
