"""A child takes part when a guardian has said yes, and no longer when they take it back."""

import re
from dataclasses import replace
from functools import partial
from typing import Any

import msgspec
import pytest

from gentie.accounts.minors import queries
from gentie.accounts.minors.model import AgeBand
from gentie.accounts.queries import get_poster
from gentie.boundaries.model import Replies
from gentie.boundaries.queries import setting_of
from gentie.kernel.ids import SiteId
from gentie.main.compose import ROUTES
from gentie.web.app import create_app
from tests.accounts.oidc import PROVIDER
from tests.clauses.build import at
from tests.clauses.test_identity_vault import account_of
from tests.newsroom import DAILY, NOTEBOOK
from tests.web.account.build import csrf_of
from tests.whole import Client, Headers, Whole
from tests.whole import whole as whole  # noqa: PLC0414 a fixture

LINK = re.compile(r"/account/guardian/for/[\w-]+")
BORN = {"mei": "2014-05-06", "lin": "1980-01-02", "zhou": "2010-01-01"}


@pytest.fixture(autouse=True)
def _asks_for_age(whole: Whole) -> None:
    """The sandbox says when its people were born."""
    asking = msgspec.structs.replace(PROVIDER, age_claim="birthdate")
    whole.people = replace(whole.people, providers={"sandbox": whole.wire.client(asking)})

    def born(said: dict[str, Any]) -> dict[str, Any]:
        entries = said["verified_claims"]
        entry = entries[0] if isinstance(entries, list) else entries
        entry["claims"]["birthdate"] = whole.born
        return said

    whole.wire.twist["userinfo"] = born
    whole.app = create_app(whole.services(), ROUTES)


async def a_person(whole: Whole, web: Client, name: str, who: str) -> Headers:
    whole.born = BORN[who]
    return await whole.a_commenter(web, name, "lin" if who == "mei" else "zhou")


async def post(web: Client, who: Headers, site: SiteId = DAILY) -> str:
    answer = await web.post(f"{at(site, 'blog')}/comments", json={"text": "hello"}, headers=who)
    said: dict[str, str] = answer.json()
    return said.get("type", "").rpartition("/")[2] or said["state"]


@pytest.mark.clause("2017-5.2b")
async def test_a_child_posts_while_a_guardian_answers(whole: Whole) -> None:
    async with whole.browser() as web:
        mei = await a_person(whole, web, "Little river", "mei")
        account = await account_of(web, mei)
        alone = [await post(web, mei, site) for site in (DAILY, NOTEBOOK)]
        whole.born = BORN["lin"]
        await whole.a_commenter(web, "Her mother", "zhou")

        await whole.enter(web, "Little river")
        page = await web.post("/account/guardian", data={"csrf": await csrf_of(web)})
        link = LINK.search(page.text)
        assert link, page.text
        form = {"csrf": await csrf_of(web), "sure": "yes"}
        herself = await web.post(link.group(), data=form)
        page = await web.get("/account/guardian", headers={"accept-language": "zh-CN"})
        web.cookies.clear()
        await whole.enter(web, "Her mother")
        asked = await web.get(link.group())
        form["csrf"] = await csrf_of(web)
        said = await web.post(link.group(), data=form)
        answered = await post(web, mei)
        again = await web.post(link.group(), data=form)
        back = {"csrf": await csrf_of(web), "child": account}
        await web.post("/account/guardian/leave", data=back)
        left = await post(web, mei)

    assert alone == ["guardian-required"] * 2
    assert herself.status_code == 403
    assert "你还不到 14 岁" in page.text
    assert "Little river" in asked.text
    assert said.status_code == 200
    assert (answered, left) == ("published", "guardian-required")
    assert again.status_code == 404


async def test_nothing_but_the_band_is_kept_and_replies_are_limited(whole: Whole) -> None:
    async with whole.browser() as web:
        account = await account_of(web, await a_person(whole, web, "Fifteen", "zhou"))
    kept = str(await whole.rows())

    assert BORN["zhou"] not in kept
    assert await whole.db.read(partial(queries.find_band, account=account)) is AgeBand.YOUTH
    setting = await whole.db.read(partial(setting_of, account=account))
    assert setting.replies is Replies.KNOWN
    assert (await whole.db.read(partial(get_poster, account=account))).verification is not None
