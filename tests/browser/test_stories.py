"""Every story of a thread on a page of another site, with the real service.

The browser blocks the cookies of third parties, the page around has a strict policy, and only two
hosts may hear of it: that page's and ours. The stories of readers run without script, too.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

import httpx
import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    FrameLocator,
    Locator,
    Page,
    Playwright,
    expect,
)
from playwright.sync_api import (
    TimeoutError as TookTooLong,
)

from tests.browser.elsewhere import Elsewhere
from tests.browser.launching import launched
from tests.browser.widget import DESK
from tests.demo_newsroom import DemoServer
from tests.serving import gentie

pytestmark = pytest.mark.browser

NO_THIRD_PARTIES = "--test-third-party-cookie-phaseout"
PATIENCE = 30_000
"""Milliseconds: how busy the machine is decides nothing."""
FRESH = ".fresh:not(.further)"
POSTS = "/sites/daily/threads/post-7/comments"
THREAD = "gentie-thread .thread"
"""What the widget shows. Beside it the fragment, hidden by now, is still in the page."""


@dataclass(frozen=True)
class Town:
    demo: DemoServer
    host: Elsewhere
    reader: BrowserContext
    """Nobody has ever been here."""
    person: BrowserContext
    """The demo's commenter, whom the service knows."""
    heard: set[str]
    """Origins that got a request from any page."""
    complaints: list[str]
    """Of any page's console: what a policy forbids, what failed."""

    @property
    def me(self) -> dict[str, str]:
        return self.demo.people["commenter"]

    def act(self, role: str, method: str, path: str, body: object = None) -> httpx.Response:
        headers = {"authorization": f"Bearer {self.demo.people[role]['token']}"}
        url = f"{self.demo.url}/api/v1{path}"
        return httpx.request(method, url, json=body, headers=headers).raise_for_status()

    def post(self, text: str) -> str:
        made = self.act("commenter", "POST", POSTS, {"text": text}).json()
        assert made["state"] == "published"
        return str(made["id"])

    def remove(self, comment: str) -> None:
        removal = {"class": "spam", "facts": "An advertisement", "message": "No advertising"}
        self.act("moderator", "POST", f"/moderation/comments/{comment}/remove", removal)


@pytest.fixture(scope="module")
def blocking(playwright: Playwright) -> Iterator[Browser]:
    with launched(playwright, NO_THIRD_PARTIES) as browser:
        yield browser


@pytest.fixture(scope="module")
def town(blocking: Browser, demo_server: DemoServer) -> Iterator[Town]:
    with Elsewhere(demo_server.url) as host:
        opened = gentie("site", "origin", "daily", "add", host.origin, "--data", demo_server.data)
        assert opened.returncode == 0, opened.stderr
        reader, person = (
            blocking.new_context(locale="en-GB", viewport=DESK, reduced_motion="reduce")
            for _ in range(2)
        )
        made = Town(demo_server, host, reader, person, set(), [])
        for context in (reader, person):
            context.set_default_timeout(PATIENCE)
            context.on("request", lambda request: made.heard.add(origin_of(request.url)))
            context.on("console", lambda message: made.complaints.extend(complaint_in(message)))
        introduce(made)
        yield made
        reader.close()
        person.close()


def introduce(town: Town) -> None:
    """The first time: sign in with the service, and say yes to this site."""
    page = town.person.new_page()
    page.goto(town.host.url())
    button = page.locator("gentie-thread").get_by_role("button", name="Sign in")
    button.hover()
    with page.expect_popup() as opening:
        button.click()
    window = opening.value
    window.wait_for_load_state("domcontentloaded")
    window.locator("#name").fill(town.me["name"])
    window.locator("#password").fill(town.me["password"])
    window.get_by_role("button", name="Sign in").click()
    with window.expect_event("close"):
        window.get_by_role("button", name=f"Go on as {town.me['name']}").click()
    expect(page.locator("gentie-thread .foot")).to_contain_text("Signed in as", timeout=PATIENCE)
    page.close()


@pytest.fixture(autouse=True)
def _nobody_else_hears(town: Town) -> Iterator[None]:
    yield
    assert town.heard - {"data://"} <= {town.demo.url, town.host.origin}
    assert town.complaints == []


def complaint_in(message: ConsoleMessage) -> list[str]:
    """Where nobody has signed in, a frame hears so by a 401, which browsers note by themselves."""
    is_nobody = message.location.get("url", "").endswith("/api/v1/session")
    return [] if is_nobody else [message.text]


def origin_of(url: str) -> str:
    return "{0.scheme}://{0.netloc}".format(urlsplit(url))


@pytest.fixture
def reading(town: Town) -> Iterator[Page]:
    page = town.reader.new_page()
    page.goto(town.host.url())
    page.locator(f"{THREAD} .feed").wait_for()
    yield page
    page.close()


@pytest.fixture
def writing(town: Town) -> Iterator[Page]:
    page = town.person.new_page()
    page.goto(town.host.url())
    sign_in(page.locator("gentie-thread .foot"), town)
    yield page
    page.close()


def sign_in(foot: Locator, town: Town) -> None:
    """By the window, which asks nothing any more.

    Pressed again where nothing came of it, as a person would: that was seen once, in a frame, on a
    machine that got half of its time. The unit tests of the window press once.
    """
    signed_in = foot.filter(has_text=f"Signed in as {town.me['name']}")
    foot.get_by_role("button", name="Sign in").click()
    try:
        signed_in.wait_for()
    except TookTooLong:
        foot.get_by_role("button", name="Sign in").click()
        signed_in.wait_for()


def write(page: Page | FrameLocator, text: str) -> None:
    page.locator("gentie-prompt textarea").focus()
    page.locator("gentie-composer .bar").wait_for()
    page.locator("gentie-prompt textarea").fill(text)
    page.locator("gentie-prompt .btn").click()


def mine(page: Page | FrameLocator, text: str) -> str:
    """Selector of my comment of that text, once it is there."""
    article = page.locator(f"{THREAD} article", has_text=text).first
    article.wait_for()
    return f"[id={article.get_attribute('id')}]"


class TestReading:
    def test_orders_branches_and_links(self, reading: Page) -> None:
        reading.get_by_role("button", name="Most agreed").click()
        long = reading.locator(f"{THREAD} .feed > li").filter(has=reading.locator(".more")).first
        id_ = long.locator("article").first.get_attribute("id")
        head = reading.locator(f"{THREAD} .feed > li").filter(has=reading.locator(f"[id={id_}]"))
        head.locator(".more").click()
        expect(head.locator(".more")).to_have_count(0, timeout=PATIENCE)
        link = head.locator("article .when").first
        link.click()
        article = head.locator("article").first
        expect(article).to_be_focused(timeout=PATIENCE)
        address = reading.url
        assert address.endswith(f"#{article.get_attribute('id')}")

        reading.goto("about:blank")
        reading.goto(address)
        expect(reading.locator(f"{THREAD} article:focus")).to_be_in_viewport(timeout=PATIENCE)

    def test_news_come_on_request_and_removals_at_once(self, reading: Page, town: Town) -> None:
        text = "The bridge is open again."
        seen = reading.locator(f"{THREAD} .feed", has_text=text)
        posted = town.post(text)
        reading.locator(FRESH).wait_for()
        expect(seen).to_have_count(0, timeout=PATIENCE)
        reading.locator(FRESH).click()
        expect(seen).to_have_count(1, timeout=PATIENCE)
        town.remove(posted)
        expect(seen).to_have_count(0, timeout=PATIENCE)
        expect(reading.locator(f"[id=gentie-{posted}]")).to_contain_text(
            "was removed", timeout=PATIENCE
        )

    def test_a_report_needs_no_account(self, reading: Page) -> None:
        article = reading.locator(f"{THREAD} article:has([data-opens=report])").first
        article.locator("[data-opens=report]").click()
        article.get_by_label("What is wrong with it?").select_option(index=1)
        article.get_by_label("Why do you think so?").fill("It names the street.")
        article.get_by_role("button", name="Send report").click()
        expect(article.locator(".filed")).to_contain_text("Your report is number", timeout=PATIENCE)

    def test_without_script(self, blocking: Browser, town: Town) -> None:
        context = blocking.new_context(locale="en-GB", java_script_enabled=False)
        page = context.new_page()
        page.goto(town.host.url())
        assert page.locator("gentie-thread article").count() > 20
        icon = page.locator("gentie-thread svg").first.bounding_box()
        assert icon is not None
        assert icon["width"] == 16
        for link, ending in (
            (page.get_by_role("link", name="Most agreed"), "sort=top#comments"),
            (page.locator("gentie-thread a.more").first, "?after="),
            (page.locator("gentie-thread a.when").first, "comment="),
            (page.get_by_role("link", name="Report").first, "report?subject="),
            (page.get_by_role("link", name="Write a comment"), "#write"),
        ):
            page.goto(town.host.url())
            link.click()
            page.wait_for_url(f"{town.demo.url}/**")
            assert ending in page.url
            assert page.locator("main article, main form").count() > 0
        context.close()

    def test_without_script_in_the_frame(self, blocking: Browser, town: Town) -> None:
        context = blocking.new_context(locale="en-GB", java_script_enabled=False)
        page = context.new_page()
        page.goto(town.host.url("frame"))
        frame = page.frame_locator("iframe")
        expect(frame.locator("article").first).to_be_visible(timeout=PATIENCE)
        with context.expect_page() as opening:  # a frame never leads itself away
            frame.get_by_role("link", name="Report").first.click()
        assert "/report?subject=" in opening.value.url
        context.close()


class TestWriting:
    def test_a_comment_is_published_changed_and_withdrawn(self, writing: Page) -> None:
        write(writing, "I saw a *heron* there.")
        article = writing.locator(mine(writing, "I saw a heron there."))
        expect(article.locator(".body em")).to_have_text("heron", timeout=PATIENCE)
        article.locator("[data-opens=edit]").click()
        article.locator("textarea").fill("I saw two herons there.")
        article.get_by_role("button", name="Save").click()
        expect(article.locator(".body")).to_have_text("I saw two herons there.", timeout=PATIENCE)
        article.locator("[data-opens=history]").click()
        expect(article.locator(".past li")).to_have_count(2, timeout=PATIENCE)
        expect(article.locator(".past")).to_contain_text("I saw a heron there.", timeout=PATIENCE)

        article.locator("[data-opens=withdraw]").click()
        article.locator(".confirm .danger").click()
        expect(writing.locator(f"{THREAD} .feed", has_text="two herons")).to_have_count(
            0, timeout=PATIENCE
        )

    def test_news_wait_for_a_person(self, town: Town) -> None:
        page = town.person.new_page()
        page.goto(town.host.url(key="article-42"))
        sign_in(page.locator("gentie-thread .foot"), town)
        write(page, "Was the driver asked?")
        article = page.locator(mine(page, "Was the driver asked?"))
        expect(article).to_contain_text("Waiting for review.", timeout=PATIENCE)
        expect(article.locator(".vote")).to_have_count(0, timeout=PATIENCE)
        page.close()

    def test_an_answer_and_agreement(self, writing: Page) -> None:
        first = writing.locator(f"{THREAD} article:has(.vote[aria-pressed=false])").first
        other = writing.locator(f"[id={first.get_attribute('id')}]")
        vote = other.locator("> .main > .acts .vote")
        before = int((vote.text_content() or "").strip() or 0)
        vote.click()
        expect(vote).to_have_attribute("aria-pressed", "true", timeout=PATIENCE)
        expect(vote).to_have_text(str(before + 1), timeout=PATIENCE)
        vote.click()
        expect(vote).to_have_text(str(before) if before else "", timeout=PATIENCE)

        other.locator("> .main > .acts [data-opens=reply]").click()
        other.locator("textarea").fill("So did I.")
        other.locator("textarea").press("Control+Enter")
        answer = writing.locator(mine(writing, "So did I."))
        expect(answer).to_be_focused(timeout=PATIENCE)
        assert answer.evaluate("at => at.closest('.replies') !== null")

    def test_a_removal_leads_to_reasons_and_appeal(self, writing: Page, town: Town) -> None:
        write(writing, "Umbrellas, cheap!")
        article = writing.locator(mine(writing, "Umbrellas, cheap!"))
        id_ = str(article.get_attribute("id")).removeprefix("gentie-")
        town.remove(id_)
        link = article.get_by_role("link", name="Reasons and appeal")
        link.wait_for()
        top = town.person.new_page()
        top.goto(str(link.evaluate("at => at.href")))
        expect(top.get_by_text("No advertising").first).to_be_visible(timeout=PATIENCE)
        expect(top.get_by_role("button", name="File the appeal")).to_be_visible(timeout=PATIENCE)
        top.close()

    def test_a_person_is_hidden_and_let_back_in(self, writing: Page) -> None:
        article = writing.locator(f"{THREAD} article:has-text('纸飞机')").first
        article.locator("[data-opens=person]").click()
        article.get_by_label("Mute").check()
        article.get_by_role("button", name="Save").click()
        folded = writing.locator(f"{THREAD} article", has_text="Hidden for you.")
        expect(folded).to_have_count(1, timeout=PATIENCE)
        id_ = folded.get_attribute("id")
        folded.get_by_role("button", name="Show").click()
        again = writing.locator(f"[id={id_}]")
        again.locator("[data-opens=person]").click()
        again.get_by_label("Show as usual").check()
        again.get_by_role("button", name="Save").click()
        expect(folded).to_have_count(0, timeout=PATIENCE)

    def test_replies_are_limited_and_attacks_kept_away(self, writing: Page, town: Town) -> None:
        write(writing, "Only for those I know.")
        article = writing.locator(mine(writing, "Only for those I know."))
        article.locator("[data-opens=person]").click()
        article.get_by_label("People I have replied to").check()
        article.get_by_role("button", name="Save").click()
        expect(writing.locator("[role=status]").first).to_have_text("Saved.", timeout=PATIENCE)
        limits = town.act("commenter", "GET", "/sites/daily/threads/post-7/mine").json()["limits"]
        assert "known" in limits.values()

        writing.locator("[data-opens=settings]").click()
        writing.get_by_role("button", name="Protect me for a day").click()
        panel = writing.locator("gentie-settings")
        expect(panel).to_contain_text("You are protected until", timeout=PATIENCE)
        expect(panel.get_by_role("link", name="See the evidence")).to_be_visible(timeout=PATIENCE)
        writing.get_by_role("button", name="End the protection").click()
        expect(writing.get_by_role("button", name="Protect me for a day")).to_be_visible(
            timeout=PATIENCE
        )


def test_a_frame_does_the_same_and_stays_signed_in(town: Town) -> None:
    page = town.person.new_page()
    page.goto(town.host.url("frame"))
    frame = page.frame_locator("iframe")
    frame.locator(f"{THREAD} .feed").wait_for()
    sign_in(frame.locator("gentie-thread .foot"), town)
    write(frame, "From inside the frame.")
    mine(frame, "From inside the frame.")
    high = page.locator("iframe")
    assert int(high.evaluate("at => at.clientHeight")) > DESK["height"]

    page.reload()
    expect(frame.locator("gentie-thread .foot")).to_contain_text("Signed in as", timeout=PATIENCE)
    expect(frame.locator(mine(frame, "From inside the frame."))).to_contain_text(
        "you", timeout=PATIENCE
    )
    page.close()


def test_a_frame_hears_what_is_new(town: Town) -> None:
    """Though a browser that blocks its cookies keeps locks and channels from it, too."""
    page = town.reader.new_page()
    page.goto(town.host.url("frame"))
    frame = page.frame_locator("iframe")
    frame.locator(f"{THREAD} .feed").wait_for()
    town.post("The ferry is late.")
    frame.locator(FRESH).click()
    expect(frame.locator(mine(frame, "The ferry is late."))).to_be_focused(timeout=PATIENCE)
    page.close()


def test_signing_out_takes_drafts_and_mine_along(writing: Page) -> None:
    """The last one: the window asks again after it."""
    writing.locator("gentie-prompt textarea").focus()
    writing.locator("gentie-composer .bar").wait_for()
    writing.locator("gentie-prompt textarea").fill("Half a thought")
    writing.get_by_role("button", name="Sign out").click()
    expect(writing.get_by_role("button", name="Sign in")).to_be_visible(timeout=PATIENCE)
    expect(writing.locator("gentie-prompt textarea")).to_have_value("", timeout=PATIENCE)
    expect(writing.locator(f"{THREAD} [data-opens=edit]")).to_have_count(0, timeout=PATIENCE)
    assert writing.evaluate("JSON.stringify({...localStorage})").count("Half") == 0
