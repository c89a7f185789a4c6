"""2022, article 4(2) (2017, article 5(2)): personal information, told before and asked about."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser

import pytest
from typing_extensions import override

from gentie.privacy.inventory import lines_of, load_inventory
from tests.clauses.build import Story, at
from tests.clauses.test_privacy import at_home
from tests.newsroom import DAILY

LINK = re.compile(r'href="(/[^"#?]*)')


@pytest.mark.clause("2017-5.2c", "2022-4.2b")
async def test_what_is_kept_is_two_clicks_away_and_told_before_the_first_field(
    story: Story,
) -> None:
    web = story.web
    for page in (f"/t/{DAILY}/article", f"/rules/{DAILY}", "/log"):
        assert "/privacy" in LINK.findall((await web.get(page)).text), page
    signing = (await web.get("/account/sign-up")).text
    form = signing[signing.index("<form") : signing.index("</form>")]
    assert form.index('href="/privacy"') < form.index("<button"), "told before anything is sent"

    page = (await web.get("/privacy", headers={"accept-language": "en"})).text
    said = (await web.get("/api/v1/privacy/rules")).json()[0]
    assert [one["table"] for one in said["lines"]] == [one.table for one in lines_of(INVENTORY)]
    for line in said["lines"]:
        assert line["fields"], line
        for key in ("what", "purpose", "basis", "retention"):
            assert line[key]["zh"], line
            assert line[key]["en"], line
        assert line["retention"]["en"] in page
    assert "art. 13(1)(2)" in page


INVENTORY = load_inventory()


@pytest.mark.clause("2017-5.2d", "2022-4.2c")
async def test_taking_a_consent_back_stops_what_rests_on_it_and_nothing_a_law_asks_for(
    story: Story,
) -> None:
    """Who may post ends at once; where a post came from stays sealed until its day, as told."""
    browser = await at_home(story)
    await story.post("From somewhere", story.lin)
    await story.publish_all()
    before = (await story.whole.rows())["network_record"]
    assert before

    form = {"purpose": "identity-check", "given": "no", "csrf": await browser.csrf()}
    await browser.post("/account/privacy/consent", data=form)
    await story.whole.settle()

    refused = await story.web.post(
        f"{at(DAILY, 'article')}/comments", json={"text": "Again"}, headers=story.lin
    )
    assert refused.json()["title"] == "identity-revoked"
    assert (await story.whole.rows())["network_record"] == before
    assert [one["text"] for one in await story.page()] == ["From somewhere"]


class Controls(HTMLParser):
    """The controls of a page: tag and attributes."""

    Found = list[tuple[str, dict[str, str | None]]]

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: Controls.Found = []
        self.feed(page)

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in {"input", "button", "option"}:
            self.found.append((tag, dict(attrs)))

    def given(self) -> Iterator[dict[str, str | None]]:
        """The buttons that give a consent or take it back."""
        return (attrs for tag, attrs in self.found if tag == "button" and "given" in attrs.values())


def leaning(found: Controls.Found) -> list[dict[str, str | None]]:
    """What stands answered before anybody has said anything."""
    return [attrs for _, attrs in found if "checked" in attrs or "selected" in attrs]


def is_a_choice(one: dict[str, str | None], found: Controls.Found) -> bool:
    """All but the only way there is."""
    others = [each for _, each in found if each.get("name") == one.get("name")]
    return one.get("type") != "radio" or len(others) > 1


@pytest.mark.clause("2022-4.2a", "2017-5.2d")
async def test_no_screen_leans_on_anybody(story: Story) -> None:
    """Nothing ticked before, yes and no look the same, and no consent is needed for another."""
    browser = await at_home(story)
    pages = ("/account/verify", "/account/mail", "/account/privacy", "/account/sign-up")
    for path in pages:
        found = Controls((await browser.get(path)).text).found
        assert [one for one in leaning(found) if is_a_choice(one, found)] == [], path

    form = {"purpose": "identity-check", "csrf": await browser.csrf()}
    (yes_shown,) = Controls((await browser.get("/account/privacy")).text).given()
    await browser.post("/account/privacy/consent", data=form | {"given": "no"})
    (no_shown,) = Controls((await browser.get("/account/privacy")).text).given()
    assert {**yes_shown, "value": ""} == {**no_shown, "value": ""}
    await browser.post("/account/privacy/consent", data=form | {"given": "yes"})

    assert "Mail to you" in (await browser.get("/account/privacy")).text
    said = (await browser.get("/api/v1/me/export")).json()["author"]["consents"]
    assert {one["said"]["purpose"] for one in said} == {"identity-check"}
