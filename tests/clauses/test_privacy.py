"""Personal data: what is kept, consented to, asked for, deleted in time, and left behind."""

import re
from datetime import timedelta
from functools import partial
from typing import Any

import httpx
import pytest

from gentie.accounts.model import CLOSED_NAME, Role
from gentie.actions.oversight.delete_expired import delete_expired
from gentie.catalogue.regimes import get_regime
from gentie.checks.rows.retention import nothing_outlives_its_retention
from gentie.comments.queries import get_revision, written_by
from gentie.kernel.actor import SERVICE
from gentie.kernel.ids import AccountId
from gentie.privacy import queries
from gentie.privacy.inventory import load_inventory
from gentie.privacy.model import Deleted
from gentie.sites.queries import get_site
from gentie.vault import queries as vaults
from tests.clauses.build import SPAM, Story
from tests.newsroom import DAILY
from tests.web.account.build import CSRF, PASSWORD, Client
from tests.whole import Headers

LINK = re.compile(r"/account/after/[\w.-]+")
DAY = timedelta(days=1)


class Browser:
    """The commenter's own, in the same process as the programs of others, without their cookies."""

    def __init__(self, web: Client) -> None:
        self._web = web
        self._jar: dict[str, str] = {}

    async def get(self, path: str, **more: Any) -> httpx.Response:
        return await self._ask("GET", path, **more)

    async def post(self, path: str, **more: Any) -> httpx.Response:
        return await self._ask("POST", path, **more)

    async def _ask(self, method: str, path: str, **more: Any) -> httpx.Response:
        self._web.cookies.update(self._jar)
        answer = await self._web.request(method, path, **more)
        self._jar = dict(self._web.cookies.items())
        self._web.cookies.clear()
        return answer

    def forget(self) -> None:
        """As when it is started anew."""
        self._jar = {}

    async def sign_in(self) -> None:
        self.forget()
        form = {"name": "Ferryman", "password": PASSWORD}
        await self.post("/account/sign-in", data=form, follow_redirects=False)

    async def csrf(self) -> str:
        found = CSRF.search((await self.get("/account/me")).text)
        assert found
        return found.group(1)


async def at_home(story: Story) -> Browser:
    browser = Browser(story.web)
    await browser.sign_in()
    return browser


async def account_of(browser: Browser, who: Headers | None = None) -> AccountId:
    answer = await browser.get("/api/v1/account/session", headers=who)
    return AccountId(str(answer.json()["id"]))


async def close(browser: Browser, comments: str) -> str:
    """Returns the path of the signed link."""
    form = {"sure": "yes", "comments": comments, "csrf": await browser.csrf()}
    page = await browser.post("/account/close", data=form)
    found = LINK.search(page.text)
    assert found, page.text
    return found.group()


async def come_back(browser: Browser, link: str) -> None:
    browser.forget()
    assert "Go in" in (await browser.get(link)).text
    answer = await browser.post(link, data={"csrf": ""}, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/account/decisions")


@pytest.mark.clause("2017-5.2b")
async def test_consents_are_taken_back_in_as_many_steps_as_given(story: Story) -> None:
    """One form each way, on the same page; what rested on it ends."""
    browser = await at_home(story)
    page = await browser.get("/account/privacy")
    assert "given on" in page.text
    form = {"purpose": "identity-check", "csrf": await browser.csrf()}
    await browser.post("/account/privacy/consent", data=form | {"given": "no"})
    assert "taken back on" in (await browser.get("/account/privacy")).text
    refused = await story.web.post(
        f"/api/v1/sites/{DAILY}/threads/article/comments", json={"text": "x"}, headers=story.lin
    )
    assert refused.json()["title"] == "identity-revoked"
    await browser.post("/account/privacy/consent", data=form | {"given": "yes"})
    assert "taken back on" not in (await browser.get("/account/privacy")).text
    said = (await browser.get("/api/v1/me/export")).json()["author"]["consents"]
    assert [one["said"]["given"] for one in said] == [True, False, True]


@pytest.mark.clause("2017-5.2b", "2022-4.2a")
async def test_a_request_has_a_number_a_clock_and_an_answer(story: Story) -> None:
    browser = await at_home(story)
    form = {"kind": "explain", "statement": "Why 184 days?", "csrf": await browser.csrf()}
    empty = await browser.post("/account/privacy/ask", data=form | {"statement": " "})
    assert empty.status_code == 422
    assert 'value="explain" required checked' in empty.text
    await browser.post("/account/privacy/ask", data=form)
    page = (await browser.get("/account/privacy")).text
    number = re.search(r"P-\w{4}-\w{4}", page)
    assert number
    assert "answer due by" in page
    whole, web = story.whole, story.web
    moderator = await web.get("/console/rights", headers=story.desk)
    assert moderator.status_code == 403
    await whole.employ("Compliance", Role.COMPLIANCE)
    whole.now += 16 * DAY
    who = await whole.on_duty(web, "Compliance")
    desk = (await web.get("/console/rights", headers=who)).text
    assert "overdue" in desk
    answer = {"number": number.group(), "state": "granted", "answer": "The law says so."}
    await web.post("/console/rights/answer", data=answer, headers=who)
    again = await web.post("/console/rights/answer", data=answer, headers=who)
    assert again.status_code == 409
    await browser.sign_in()
    assert "The law says so." in (await browser.get("/account/privacy")).text


@pytest.mark.clause("2017-5.2b", "2022-4.2a")
async def test_a_closed_account_keeps_its_rights_and_nothing_else(story: Story) -> None:
    """Close it, lose every session and the identity, come back by the link, appeal and ask."""
    browser = await at_home(story)
    whole, web = story.whole, story.web
    posted = await story.post("Buy my ferries", story.lin)
    await story.decide((await story.waiting())[0]["id"], "refuse", **SPAM)
    whole.now += timedelta(minutes=5)
    await whole.settle()
    await story.post("Still here", story.lin)
    await story.publish_all()
    account = await account_of(browser)
    link = await close(browser, "stay")
    await whole.settle()

    assert (await web.get("/api/v1/account/session", headers=story.lin)).status_code == 401
    assert (await browser.get("/account/me", follow_redirects=False)).status_code == 303
    (read,) = await story.page()
    assert read["author"]["name"] == CLOSED_NAME
    rows = await whole.rows()
    until_closing = {one.table for one in load_inventory().records if one.retention == "account"}
    assert {one for one in until_closing if account in str(rows[one])} == set()
    assert rows["person"] == rows["person_key"] == []
    assert await whole.db.read(vaults.waiting_erasures) == []

    wrong = link[:-1] + ("0" if link[-1] != "0" else "1")
    assert (await browser.post(wrong, data={"csrf": ""})).status_code == 403
    await come_back(browser, link)
    decisions = (await browser.get("/account/decisions")).text
    decision = re.search(r"/d/(\d+)#appeal", decisions)
    assert decision, decisions
    await browser.post(
        f"/d/{decision[1]}/appeal",
        data={"csrf": await browser.csrf(), "statement": "It was no advertisement."},
    )
    assert "appealed" in (await browser.get("/account/decisions")).text
    for page in ("comments", "appeals", "notices", "privacy", "leave", "me", "identity"):
        assert (await browser.get(f"/account/{page}")).status_code == 200, page
    whole_copy = (await browser.get("/api/v1/me/export")).json()
    assert whole_copy["closure"]["comments"] == "stay"
    assert posted["id"] in {one["ref"] for one in whole_copy["comments"]}
    csrf = {"csrf": await browser.csrf()}
    await browser.post("/account/privacy/ask", data=csrf | {"kind": "delete", "statement": "All"})
    assert "To have something deleted" in (await browser.get("/account/privacy")).text
    form = csrf | {"text": "Me again"}
    await browser.post(f"/t/{DAILY}/article/compose", data=form)
    assert len(await story.page()) == 1


async def test_comments_go_along_where_that_is_wanted(story: Story) -> None:
    browser = await at_home(story)
    await story.post("Take me with you", story.lin)
    await story.publish_all()
    await story.post("Me too", story.lin)
    account = await account_of(browser)
    link = await close(browser, "go")
    await story.whole.settle()

    assert await story.page() == []
    assert await story.waiting() == []
    three_years = {one.table for one in load_inventory().records if one.retention == "three-years"}
    rows = await story.whole.rows()
    assert {"account_consent", "agreement_acceptance"} <= three_years
    assert {one for one in three_years if account in str(rows[one])} > {"account_consent"}
    story.whole.now += 1097 * DAY
    await story.whole.db.act(partial(delete_expired, acting=SERVICE, now=story.whole.now))
    rows = await story.whole.rows()
    assert {one for one in three_years if account in str(rows[one])} == set()
    browser.forget()
    assert (await browser.post(link, data={"csrf": ""})).status_code == 403


@pytest.mark.clause("2017-8.c", "2022-7.c")
async def test_what_is_over_is_deleted_with_proof_but_for_what_is_held(story: Story) -> None:
    """Withdraw, wait, be held, be let go: the words go, a proof stands, the check sees a rest."""
    browser = await at_home(story)
    whole, web, db = story.whole, story.web, story.whole.db
    posted = await story.post("Words to forget", story.lin)
    await web.delete(f"/api/v1/comments/{posted['id']}", headers=story.lin)
    account = await account_of(browser)
    run = partial(delete_expired, acting=SERVICE)

    async def words() -> str:
        (comment,) = await db.read(partial(written_by, author=account, before=None))
        latest = await db.read(partial(get_revision, ref=comment.ref, number=comment.latest))
        return latest.source

    async def found() -> list[str]:
        site, regime = await db.read(partial(get_site, site=DAILY)), get_regime("cn-2022-final")
        check = partial(nothing_outlives_its_retention, site=site, regime=regime, now=whole.now)
        return [one.note for one in (await db.read(check)).violations]

    await db.act(partial(run, now=whole.now))
    assert await words() == "Words to forget"
    await whole.employ("Compliance", Role.COMPLIANCE)
    who = await whole.on_duty(web, "Compliance")
    hold = {
        "account": account,
        "why": "A claim",
        "basis": "CPL art. 64",
        "until": "2020-01-01T00:00",
    }
    bad = await web.post("/console/rights/hold", data=hold, headers=who)
    assert bad.status_code == 422
    until = f"{whole.now + 100 * DAY:%Y-%m-%dT%H:%M}"
    await web.post("/console/rights/hold", data=hold | {"until": until}, headers=who)
    whole.now += 62 * DAY
    await db.act(partial(run, now=whole.now))
    assert await words() == "Words to forget"
    assert "revision" not in await found(), "what is held outlives nothing"
    await browser.sign_in()
    assert "A claim" in (await browser.get("/account/privacy")).text
    whole.now += 40 * DAY
    assert "revision" in await found()
    await db.act(partial(run, now=whole.now))
    assert await words() == ""
    assert "revision" not in await found()
    proofs = await db.read(queries.deletions_of)
    (proof,) = [one for one in proofs if one.data == "revision"]
    assert proof == Deleted(data="revision", rows=1, upto=whole.now - 60 * DAY, at=whole.now)
    await whole.settle()
    assert "deleted on" in (await web.get("/privacy")).text
    assert "deletion" in "".join((await whole.rows())["ledger_leaf"])


@pytest.mark.clause("2017-5.2b")
async def test_a_program_leaves_by_the_same_steps(story: Story) -> None:
    """Nothing in passing, the choice about comments, the link, and no way in any more."""
    web, lin = story.web, story.lin
    await story.post("Take me with you", lin)
    await story.publish_all()
    for body in ({}, {"sure": False}, {"sure": True, "mood": "sad"}):
        answer = await web.request("DELETE", "/api/v1/me", json=body, headers=lin)
        assert answer.status_code == 422, body
    answer = await web.request("DELETE", "/api/v1/me", json={"sure": True})
    assert answer.status_code in {401, 403}

    done = {"sure": True, "comments": "go"}
    left = await web.request("DELETE", "/api/v1/me", json=done, headers=lin)
    await story.whole.settle()

    assert left.status_code == 200, left.text
    assert await story.page() == []
    assert (await web.get("/api/v1/account/session", headers=lin)).status_code == 401
    found = LINK.search(left.json()["link"])
    assert found
    await come_back(Browser(web), found.group())
