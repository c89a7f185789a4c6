"""The page behind an operator's link: look, claim, erase; without script, in both languages."""

from functools import partial

import pytest

from gentie.actions.identity.follow_archive_name import follow_archive_name
from gentie.actions.identity.make_claim_link import make_claim_link
from gentie.kernel.actor import OPERATOR, SERVICE
from gentie.kernel.ids import AccountId
from tests.actions.posting.test_import_archive import (
    PAGE,
    an_item,
    approved,
    brought_in,
    everything,
)
from tests.newsroom import NOTEBOOK, a_site
from tests.web.account.build import CSRF, Client, Place, sign_up_by_form


async def a_way_in(place: Place) -> str:
    """Where the link for somebody leads who has written twice."""
    await place.db.act(partial(a_site, site=NOTEBOOK, regime="neutral"))
    page = PAGE.__class__(site=NOTEBOOK, source="wxr", key="p", title="", url="")
    told = await brought_in(
        place.db, an_item(1, author="<Li>"), an_item(2, author="<Li>"), page=page
    )
    await approved(place.db, told.batch, acting=OPERATOR)
    making = partial(make_claim_link, author=AccountId(told.authors["1"]))
    making = partial(making, key=place.people.claim_key, acting=OPERATOR, now=place.now)
    return f"/account/archive/{(await place.db.act(making)).token}"


async def authors_after(place: Place) -> set[str]:
    (one, *_) = await place.db.read(everything)
    following = partial(follow_archive_name, author=one.author.id, acting=SERVICE)
    await place.db.act(partial(following, now=place.now))
    return {one.author.name for one in await place.db.read(everything)}


async def sent(client: Client, path: str, **form: str) -> tuple[int, str]:
    page = await client.get(path.rpartition("/")[0])
    found = CSRF.search(page.text)
    data = {"csrf": found[1] if found else "", **form}
    answer = await client.post(path, data=data, follow_redirects=False)
    return answer.status_code, answer.headers.get("location", answer.text)


@pytest.mark.parametrize(("lang", "says"), [("en", "Erase the comments"), ("zh", "删除这些评论")])
async def test_says_what_it_is_about(place: Place, lang: str, says: str) -> None:
    way = await a_way_in(place)
    async with place.client() as client:
        page = await client.get(way, headers={"accept-language": lang})

    assert page.status_code == 200
    assert says in page.text
    assert "&lt;Li&gt;" in page.text
    assert "<Li>" not in page.text
    assert page.headers["cache-control"] == "no-store"
    assert "script" not in page.text


async def test_claims_with_an_account(place: Place) -> None:
    way = await a_way_in(place)
    async with place.client() as client:
        stranger = await sent(client, f"{way}/claim")
        await sign_up_by_form(client, "渡口的风")
        status, page = await sent(client, f"{way}/claim")
        again = await client.get(way)

    assert stranger[0] == 303
    assert stranger[1].startswith("/account/sign-in")
    assert (status, "&lt;Li&gt;" in page) == (200, True)
    assert again.status_code == 403
    assert await authors_after(place) == {"渡口的风"}


async def test_erases_without_an_account_when_sure(place: Place) -> None:
    way = await a_way_in(place)
    async with place.client() as client:
        unsure = await sent(client, f"{way}/erase")
        status, page = await sent(client, f"{way}/erase", sure="yes")

    assert unsure == (303, way)
    assert (status, "being erased" in page) == (200, True)
    assert await authors_after(place) == {""}


async def test_forms_prove_where_they_come_from(place: Place) -> None:
    way = await a_way_in(place)
    async with place.client() as client:
        await sign_up_by_form(client)
        for wish in ("claim", "erase"):
            answer = await client.post(f"{way}/{wish}", data={"csrf": "x", "sure": "yes"})
            assert answer.status_code == 403
    assert await authors_after(place) == {"<Li>"}


async def test_a_wrong_link_leads_nowhere(place: Place) -> None:
    way = await a_way_in(place)
    async with place.client() as client:
        for wrong in (way + "x", "/account/archive/none", "/account/archive/a.b"):
            assert (await client.get(wrong)).status_code == 403
