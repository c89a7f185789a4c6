"""What happens while somebody reads: news on request, removals at once, one stream for all tabs."""

import pytest
from playwright.sync_api import Browser, Page, Route, expect
from tools.stage import Stage

from tests.browser.widget import DESK, opened, until
from tools import scenes

pytestmark = pytest.mark.browser


def heard(page: Page, stage: Stage) -> None:
    """Wait until the page hears what is said."""

    def hears() -> bool:
        stage.tell("counts", {"count": 4242, "votes": {}}, 0)
        return page.locator("gentie-thread .n").inner_text() == "4,242 comments"

    until(page, hears)


def test_news_wait_until_they_are_wanted(chromium: Browser, stage: Stage) -> None:
    with opened(chromium, stage.url("en", scene="states")) as page:
        heard(page, stage)
        new = scenes.an_item("new-9", "Breaking.")
        answer = scenes.an_item("new-8", "An answer to that.", parent="mine-1")
        stage.tell("new", {"count": 17, "comment": new, "root": None}, 1)
        stage.tell("new", {"count": 18, "comment": answer, "root": "mine-1"}, 2)
        button = page.locator(".fresh:not(.further)")
        expect(button).to_have_text("2 new comments. Show them")
        expect(page.locator("gentie-thread .n")).to_have_text("18 comments")
        expect(page.locator("[role=status]").first).to_have_text("1 new comment")
        assert page.locator("[id=gentie-new-9]").count() == 0
        button.click()
        expect(page.locator(".feed > li gentie-branch").first).to_contain_text("Breaking.")
        expect(page.locator(".replies [id=gentie-new-8]")).to_have_count(1)
        expect(page.locator("[id=gentie-new-9]")).to_be_focused()


def test_what_is_removed_goes_at_once(chromium: Browser, stage: Stage) -> None:
    with opened(chromium, stage.url("en", scene="states")) as page:
        heard(page, stage)
        stage.tell("new", {"count": 17, "comment": scenes.an_item("bad", "Bad."), "root": None}, 1)
        expect(page.locator(".fresh:not(.further)")).to_have_count(1)
        stage.tell("removed", {"count": 16, "id": "bad", "comment": None, "root": None}, 2)
        expect(page.locator(".fresh:not(.further)")).to_have_count(0)
        stone = scenes.a_stone("c1")
        stage.tell("removed", {"count": 15, "id": "c1", "comment": stone, "root": None}, 3)
        expect(page.locator("[id=gentie-c1]")).to_contain_text("was removed by a moderator")
        expect(page.locator("[id=gentie-c2]")).to_be_visible()
        stage.tell("removed", {"count": 14, "id": "c3", "comment": None, "root": None}, 4)
        expect(page.locator("[id=gentie-c3]")).to_have_count(0)


def test_nothing_stays_behind_of_what_comes_and_goes(chromium: Browser, stage: Stage) -> None:
    """Some versions of lit-html leave a marker for each; package.json holds us to another one."""
    with opened(chromium, stage.url("en", scene="states")) as page:
        heard(page, stage)
        feed, nodes = page.locator(".feed"), "feed => feed.childNodes.length"
        before = feed.evaluate(nodes)
        for at in range(3):
            id_ = f"brief-{at}"
            brief = {"count": 17, "comment": scenes.an_item(id_, "Brief."), "root": None}
            stage.tell("new", brief, 2 * at + 1)
            page.locator(".fresh:not(.further)").click()
            expect(page.locator(f"[id=gentie-{id_}]")).to_have_count(1)
            gone = {"count": 16, "id": id_, "comment": None, "root": None}
            stage.tell("removed", gone, 2 * at + 2)
            expect(page.locator(f"[id=gentie-{id_}]")).to_have_count(0)
        assert feed.evaluate(nodes) == before


def test_votes_and_changes_arrive_in_place(chromium: Browser, stage: Stage) -> None:
    with opened(chromium, stage.url("en", scene="states")) as page:
        heard(page, stage)
        stage.tell("counts", {"count": 16, "votes": {"c2": 9}}, 1)
        expect(page.locator("[id=gentie-c2] .vote")).to_have_text("9")
        changed = scenes.an_item("c3", "Said better.", edited_at=scenes.LATER)
        stage.tell("changed", {"count": 16, "comment": changed, "root": None}, 2)
        expect(page.locator("[id=gentie-c3]")).to_contain_text("Said better.")
        expect(page.locator("[id=gentie-c3] [data-opens=history]")).to_be_visible()


def test_mine_is_shown_as_soon_as_it_has_passed(chromium: Browser, stage: Stage) -> None:
    with opened(chromium, stage.url("en", scene="states")) as page:
        page.locator("[id=gentie-held-1]").wait_for()
        heard(page, stage)
        passed = scenes.an_item("held-1", "Mine, held")
        stage.tell("new", {"count": 17, "comment": passed, "root": None}, 1)
        expect(page.locator("[id=gentie-held-1] .vote, [id=gentie-held-1] .still")).to_have_count(1)
        expect(page.locator(".fresh:not(.further)")).to_have_count(0)


def test_a_refusal_reaches_its_author_on_the_open_page(chromium: Browser, stage: Stage) -> None:
    """The stream tells nobody of what only its author may see: the page asks by itself."""

    def refused(route: Route) -> None:
        mine = route.fetch().json()
        (held,) = (one for one in mine["items"] if one["id"] == "held-1")
        held |= {"state": "refused", "decision": scenes.REASON}
        route.fulfill(json=mine)

    with opened(chromium, stage.url("en", scene="states")) as page:
        article = page.locator("[id=gentie-held-1]")
        expect(article).to_contain_text("Waiting for review.")
        page.route("**/mine", refused)
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
        expect(article).to_contain_text("Not published.")
        expect(article.get_by_role("link", name="Reasons and appeal")).to_be_visible()
        expect(page.locator("[role=status]").first).to_contain_text("The reasons stand under")


def test_all_tabs_share_one_stream_and_another_takes_over(chromium: Browser, stage: Stage) -> None:
    context = chromium.new_context(viewport=DESK)
    first, second = context.new_page(), context.new_page()
    for page in (first, second):
        page.goto(stage.url("en", scene="states"))
        page.locator("gentie-thread .feed").wait_for()
    waiting = "async () => (await navigator.locks.query()).pending.length"
    until(second, lambda: second.evaluate(waiting) == 1)
    heard(first, stage)
    stage.tell("counts", {"count": 16, "votes": {"c2": 10}}, 7)
    for page in (first, second):
        expect(page.locator("[id=gentie-c2] .vote")).to_have_text("10")

    first.close()
    until(second, lambda: "7" in stage.resumed)
    stage.tell("counts", {"count": 16, "votes": {"c2": 11}}, 8)
    expect(second.locator("[id=gentie-c2] .vote")).to_have_text("11")
    context.close()


def test_the_place_of_a_reader_is_kept_when_the_widget_comes(
    chromium: Browser, stage: Stage
) -> None:
    """Half way through what was there without script, nothing jumps."""
    with opened(chromium, stage.url("en", scene="twenty")) as page:
        jump = page.evaluate(
            """async () => {
              const room = document.querySelector("gentie-thread");
              const like = document.createElement("gentie-thread");
              for (const name of ["site", "key", "lang"])
                like.setAttribute(name, room.getAttribute(name));
              const list = document.createElement("ol");
              for (const article of room.shadowRoot.querySelectorAll("article")) {
                const copy = document.createElement("article");
                copy.id = article.id.replace("gentie-", "c-");
                copy.textContent = article.querySelector(".body").textContent;
                list.append(document.createElement("li"));
                list.lastChild.append(copy);
              }
              like.append(list);
              room.replaceWith(like);
              document.body.style.paddingBottom = "5000px";
              const seen = like.querySelectorAll("article")[12];
              scrollTo(0, seen.getBoundingClientRect().top + scrollY);
              const before = seen.getBoundingClientRect().top;
              const id = seen.id.replace("c-", "gentie-");
              await like.start();
              await new Promise((go) => requestAnimationFrame(() => requestAnimationFrame(go)));
              return like.shadowRoot.getElementById(id).getBoundingClientRect().top - before;
            }"""
        )
        assert abs(jump) <= 2


@pytest.mark.parametrize(("inside", "after"), [("c-m6", "gentie-m6"), ("list", "gentie-title")])
def test_the_focus_of_a_reader_is_kept_too(
    chromium: Browser, stage: Stage, inside: str, after: str
) -> None:
    """Somebody who reads with keys is in what stood there without script."""
    context = chromium.new_context(viewport=DESK)
    page = context.new_page()
    late: list[Route] = []
    page.route("**/widget.js", lambda route: late.append(route))  # noqa: PLW0108 Playwright marks what it calls
    page.goto(stage.url("en", scene="twenty"), wait_until="commit")
    page.locator("#fallback").evaluate(
        """(at, id) => {
          at.id = id;
          const link = document.createElement("a");
          link.href = "#";
          at.replaceChildren(link);
          link.focus();
        }""",
        inside,
    )
    until(page, lambda: bool(late))
    late[0].continue_()
    expect(page.locator(f"gentie-thread .thread [id={after}]")).to_be_focused()
    context.close()
