"""Keeping people away without script: every button is a form, and only of its own session."""

import re
from functools import partial

import pytest

from gentie.accounts import queries
from gentie.accounts.names import name_key
from gentie.boundaries import store
from gentie.boundaries.model import Keep
from gentie.kernel.ids import AccountId
from tests.newsroom import NOON, a_person
from tests.web.account.build import Client, Place, csrf_of, sign_up_by_form

PAGE = "/account/people"
SAVED = re.compile(r'href="(/account/evidence/\d+)"')


async def press(client: Client, path: str, **fields: str) -> str:
    csrf = await csrf_of(client)
    answer = await client.post(f"/account/{path}", data={"csrf": csrf, **fields})
    assert answer.status_code == 200, answer.text
    return answer.text


async def me(place: Place) -> AccountId:
    key = name_key("渡口的风")
    found = await place.db.read(partial(queries.find_credentials, name_key=key))
    assert found
    return AccountId(found.holder)


async def test_protection_goes_on_and_off(place: Place) -> None:
    async with place.client() as client:
        await sign_up_by_form(client)
        page = await press(client, "people/protection", hours="24")
        assert "2026-03-02 12:00" in page

        saved = SAVED.search(page)
        assert saved
        bundle = await client.get(saved[1])
        assert bundle.json()["kind"] == "gentie/evidence@v1"
        assert bundle.headers["content-disposition"].startswith("attachment")
        page = await press(client, "people/protection", hours="0")
        assert "2026-03-02 12:00" not in page
        page = await press(client, "evidence", evidence=saved[1].rpartition("/")[2])
        assert not SAVED.search(page)


async def test_replies_are_limited_for_all(place: Place) -> None:
    async with place.client() as client:
        await sign_up_by_form(client)
        page = await press(client, "people/replies", **{"from": "known"})
        assert 'value="known" checked' in page
        page = await press(client, "people/replies", **{"from": "made-up"})
        assert 'value="known" checked' in page


async def test_somebody_is_let_back(place: Place) -> None:
    async with place.client() as client:
        await sign_up_by_form(client)
        other = await place.db.act(partial(a_person, name="Lake"))
        keeping = partial(
            store.keep_away, account=await me(place), person=other.account, keep=Keep.BLOCKED
        )
        await place.db.act(partial(keeping, now=NOON))
        assert "Lake" in (await client.get(PAGE)).text
        page = await press(client, "people/back", person=other.account)
        assert "Lake" not in page


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("people/back", {"person": "1"}),
        ("people/replies", {"from": "nobody"}),
        ("people/protection", {"hours": "1"}),
        ("evidence", {"evidence": "1"}),
    ],
)
async def test_a_form_of_another_session_changes_nothing(
    place: Place, path: str, fields: dict[str, str]
) -> None:
    async with place.client() as client:
        await sign_up_by_form(client)
        answer = await client.post(f"/account/{path}", data={"csrf": "made-up", **fields})
        assert answer.status_code == 403
        assert not SAVED.search((await client.get(PAGE)).text)


@pytest.mark.parametrize("path", ["/account/people", "/account/sites", "/account/evidence/1"])
async def test_a_stranger_signs_in_first(place: Place, path: str) -> None:
    async with place.client() as client:
        assert (await client.get(path)).url.path == "/account/sign-in"
