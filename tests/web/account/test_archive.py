"""The page behind an operator's link: look, claim, erase; without script, in both languages."""

from functools import partial

import pytest

from gentie.actions.identity.add_claim_key import add_claim_key
from gentie.actions.identity.follow_archive_name import follow_archive_name
from gentie.actions.identity.make_claim_link import make_claim_link
from gentie.comments.archive.names.persons import person_digest
from gentie.kernel.actor import OPERATOR, SERVICE
from gentie.kernel.ids import AccountId
from tests.actions.posting.test_import_archive import (
    PAGE,
    an_item,
    approved,
    brought_in,
    everything,
)
from tests.comments.old_site import OldSite
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


async def test_the_receipt_is_shown_once_and_the_notice_stays(place: Place) -> None:
    way = await a_way_in(place)
    async with place.client() as client:
        await sign_up_by_form(client)
        _, page = await sent(client, f"{way}/claim")
        notices = await client.get("/account/notices", headers={"accept-language": "zh"})
        past = await client.get("/account/archive")

    assert "&#34;wish&#34;:&#34;claim&#34;" in page
    assert "从旧服务迁入的评论现在归你所有。" in notices.text
    assert "/account/verify" not in notices.text
    assert "&lt;Li&gt;" in past.text


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
        for wish, said in (("claim", {}), ("erase", {"sure": "yes"})):
            answer = await client.post(f"{way}/{wish}", data={"csrf": "x", **said})
            assert answer.status_code == 403
    assert await authors_after(place) == {"<Li>"}


async def test_a_wrong_link_leads_nowhere(place: Place) -> None:
    way = await a_way_in(place)
    async with place.client() as client:
        for wrong in (way + "x", "/account/archive/none", "/account/archive/a.b"):
            assert (await client.get(wrong)).status_code == 403


async def an_old_site(place: Place) -> OldSite:
    """It vouches for account 7, who has written twice."""
    await place.db.act(partial(a_site, site=NOTEBOOK, regime="neutral"))
    person = person_digest(place.people.archive_key, "", "user:7")
    page = PAGE.__class__(site=NOTEBOOK, source="wxr", key="p", title="", url="")
    items = [an_item(one, author="<Li>", person=person) for one in (1, 2)]
    told = await brought_in(place.db, *items, page=page)
    await approved(place.db, told.batch, acting=OPERATOR)
    old = OldSite(NOTEBOOK, "wxr", place.now)
    adding = partial(add_claim_key, site=NOTEBOOK, source="wxr", text=old.pem, acting=OPERATOR)
    await place.db.act(partial(adding, where="https://old.example/me", now=place.now))
    return old


@pytest.mark.parametrize(("lang", "says"), [("en", "vouches"), ("zh", "为你作证")])
async def test_the_way_is_shown_to_everybody(place: Place, lang: str, says: str) -> None:
    await an_old_site(place)
    async with place.client() as client:
        page = await client.get("/account/archive", headers={"accept-language": lang})

    assert (page.status_code, says in page.text) == (200, True)
    assert 'href="https://old.example/me"' in page.text
    assert "script" not in page.text


async def test_the_old_sites_link_leads_to_the_choice(place: Place) -> None:
    old = await an_old_site(place)
    statement = old.says()
    async with place.client() as client:
        looked = [
            await client.get("/account/archive/statement", params={"statement": statement})
            for _ in range(2)
        ]
        form = {"statement": statement}
        taken = await client.post("/account/archive/statement", data=form, follow_redirects=False)
        again = await client.post("/account/archive/statement", data=form, follow_redirects=False)
        choice = await client.get(taken.headers["location"])
        await sign_up_by_form(client, "渡口的风")
        status, _ = await sent(client, f"{taken.headers['location']}/claim")

    assert [one.status_code for one in looked] == [200, 200]
    assert (taken.status_code, again.status_code, status) == (303, 403, 200)
    assert "it was used before" in again.text
    assert "&lt;Li&gt;" in choice.text
    assert await authors_after(place) == {"渡口的风"}


async def test_programs_hand_over_and_claim(place: Place) -> None:
    old = await an_old_site(place)
    async with place.client() as client:
        said = {"statement": old.says()}
        made = await client.post("/api/v1/archive/statements", json=said)
        again = await client.post("/api/v1/archive/statements", json=said)
        link = f"/api/v1/archive/links/{made.json()['token']}"
        seen = await client.get(link)
        stranger = await client.post(f"{link}/claim")
        bearer = {"name": "River", "password": "several plain words"}
        token = (await client.post("/api/v1/account/sign-up", json=bearer)).json()["token"]
        claimed = await client.post(f"{link}/claim", headers={"authorization": f"Bearer {token}"})
        late = await client.get(link)

    assert (made.status_code, again.status_code) == (201, 403)
    assert (again.json()["title"], again.json()["reason"]) == ("bad-statement", "replayed")
    assert made.json()["url"].endswith(f"/account/archive/{made.json()['token']}")
    assert seen.json() == {"name": "<Li>", "site": NOTEBOOK, "source": "wxr", "comments": 2}
    assert (stranger.status_code, stranger.json()["title"]) == (403, "may-not")
    assert (claimed.status_code, claimed.json()["wish"]) == (200, "claim")
    assert (late.status_code, late.json()["title"]) == (403, "bad-claim-link")
    assert await authors_after(place) == {"River"}


async def test_programs_erase_without_an_account(place: Place) -> None:
    way = await a_way_in(place)
    async with place.client() as client:
        link = f"/api/v1/archive/links/{way.rpartition('/')[2]}"
        erased = await client.post(f"{link}/erase")
        again = await client.post(f"{link}/erase")

    assert (erased.status_code, again.status_code) == (200, 403)
    assert await authors_after(place) == {""}


async def test_a_cookie_alone_claims_nothing(place: Place) -> None:
    way = await a_way_in(place)
    async with place.client() as client:
        await sign_up_by_form(client)
        link = f"/api/v1/archive/links/{way.rpartition('/')[2]}"
        for wish in ("claim", "erase"):
            assert (await client.post(f"{link}/{wish}")).status_code == 403
    assert await authors_after(place) == {"<Li>"}


async def test_statements_are_counted(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gentie.web.account.proving.BY_OLD_SITE", 2)
    async with place.client() as client:
        said = [
            await client.post("/api/v1/archive/statements", json={"statement": "x"})
            for _ in range(3)
        ]
    assert [one.status_code for one in said] == [403, 403, 429]
