"""Passkeys from the first question to the last way in, with a device in software."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from gentie.accounts.model import SessionKind
from gentie.accounts.passkeys import queries
from gentie.accounts.passkeys.rules import MOST, TERM
from gentie.accounts.queries import get_poster
from gentie.actions.entering import enter as entering
from gentie.actions.identity.open_account import open_account
from gentie.actions.identity.purge_sign_ins import purge_sign_ins
from gentie.kernel.actor import ANYONE, SERVICE
from gentie.kernel.ids import AccountId
from gentie.web.access import Access
from gentie.web.account import api, pages, passkeys
from tests.accounts.authenticator import PRESENT, Device
from tests.web.account.build import PASSWORD, Client, Place, csrf_of, sign_up_by_form
from tests.web.build import client_for

BASE, API = "http://localhost", "/api/v1/account/passkeys"


@asynccontextmanager
async def a_browser(place: Place) -> AsyncIterator[Client]:
    access = Access(place.db, clock=place.clock, base_url=BASE)
    place.people = replace(place.people, access=access)
    async with client_for(
        place.db,
        *api.routes,
        *pages.routes,
        *passkeys.routes,
        people=place.people,
        clock=place.clock,
        base_url=BASE,
        authenticate=access.identify,
    ) as client:
        client.headers["origin"] = BASE
        yield client


@pytest.fixture
async def client(place: Place) -> AsyncIterator[Client]:
    async with a_browser(place) as client:
        yield client


def a_device(**how: Any) -> Device:
    return Device(origin=BASE, rp="localhost", **how)


async def asked(client: Client) -> Any:
    answer = await client.post(f"{API}/begin", headers={"x-csrf-token": await csrf_of(client)})
    assert answer.status_code == 200, answer.text
    return answer.json()


async def add(client: Client, device: Device, *, password: str = PASSWORD) -> tuple[int, Any]:
    question = await asked(client)
    device.user = question["user"]
    body = device.make(question["challenge"], label=" My  phone ", password=password)
    headers = {"x-csrf-token": await csrf_of(client)}
    answer = await client.post(API, json=body, headers=headers)
    return answer.status_code, answer.json()


async def enter(client: Client, device: Device, challenge: str = "") -> tuple[int, str]:
    """Sign in in a browser that has no session. What it says, and the account it has then."""
    client.cookies.clear()
    if not challenge:
        challenge = (await client.post(f"{API}/sign-in/begin")).json()["challenge"]
    answer = await client.post(f"{API}/sign-in", json=device.sign(challenge))
    said = answer.json().get("title", "")
    me = await client.get("/api/v1/account/session")
    return answer.status_code, said or me.json()["name"]


async def test_from_the_first_question_to_a_session(any_place: Place) -> None:
    """On both engines."""
    place, device = any_place, a_device()
    async with a_browser(place) as client:
        await _story(place, client, device)


async def _story(place: Place, client: Client, device: Device) -> None:
    await sign_up_by_form(client)
    status, told = await add(client, device)
    assert (status, told["label"], told["used_at"]) == (201, "My phone", None)

    place.now += timedelta(hours=1)
    assert await enter(client, device) == (200, "渡口的风")
    page = await client.get("/account/passkeys")
    assert "My phone" in page.text
    assert place.now.date().isoformat() in page.text
    listed = (await client.get(API)).json()
    assert [one["used_at"] for one in listed] == [place.now.isoformat().replace("+00:00", "Z")]
    challenge = (await client.post(f"{API}/sign-in/begin")).json()["challenge"]
    assert await enter(client, device, challenge) == (200, "渡口的风")
    assert await enter(client, device, challenge) == (403, "passkey-wrong")


async def test_an_old_cookie_does_not_stand_in_the_way(place: Place, client: Client) -> None:
    await sign_up_by_form(client)
    device = a_device()
    await add(client, device)
    client.cookies.set("gentie", "long-gone", domain="gentie.test")
    question = (await client.post(f"{API}/sign-in/begin")).json()
    answer = await client.post(f"{API}/sign-in", json=device.sign(question["challenge"]))
    assert answer.status_code == 200


@pytest.mark.parametrize(
    "how",
    [
        {"origin": "http://localhost.evil.test"},
        {"rp": "evil.test"},
        {"flags": PRESENT},
        {"cross_origin": True},
    ],
)
async def test_what_is_not_for_us_is_refused(
    place: Place, client: Client, how: dict[str, Any]
) -> None:
    """A false page, another service, a device that did not know its person, a frame."""
    await sign_up_by_form(client)
    false = Device(**({"origin": BASE, "rp": "localhost"} | how))
    status, said = await add(client, false)
    assert (status, said["title"]) == (403, "passkey-wrong")

    device = a_device()
    await add(client, device)
    for name, value in how.items():
        setattr(device, name, value)
    assert await enter(client, device) == (403, "passkey-wrong")


async def test_a_challenge_is_good_once_in_time_and_for_one_thing(
    place: Place, client: Client
) -> None:
    await sign_up_by_form(client)
    device = a_device()
    await add(client, device)
    for_adding = (await asked(client))["challenge"]

    assert await enter(client, device, for_adding) == (403, "passkey-wrong")
    assert await enter(client, device, "made-up-by-a-stranger") == (403, "passkey-wrong")
    challenge = (await client.post(f"{API}/sign-in/begin")).json()["challenge"]
    assert await enter(client, device, challenge) == (200, "渡口的风")
    assert await enter(client, device, challenge) == (403, "passkey-wrong")
    challenge = (await client.post(f"{API}/sign-in/begin")).json()["challenge"]
    place.now += TERM
    assert await enter(client, device, challenge) == (403, "passkey-wrong")


async def test_another_key_a_copied_key_and_rubbish_are_refused(
    place: Place, client: Client
) -> None:
    await sign_up_by_form(client)
    device = a_device()
    await add(client, device)
    stranger = a_device(user=device.user, count=9)
    assert await enter(client, stranger) == (403, "passkey-wrong")

    device.count = 6
    assert await enter(client, device) == (200, "渡口的风")
    copy = a_device(user=device.user, key=device.key, count=3)
    assert await enter(client, copy) == (403, "passkey-wrong")

    sent = device.sign("x" * 22)
    for field in ("client_data", "authenticator_data", "signature"):
        for rubbish in ("", "!", "AAAA", "e30", "W10"):
            answer = await client.post(f"{API}/sign-in", json={**sent, field: rubbish})
            assert (answer.status_code, answer.json()["title"]) == (403, "passkey-wrong")


async def test_who_finds_a_browser_open_gets_no_key(place: Place, client: Client) -> None:
    await sign_up_by_form(client)
    for password in ("", "another guess"):
        status, said = await add(client, a_device(), password=password)
        assert (status, said["title"]) == (401, "wrong-credentials")
    assert (await client.get(API)).json() == []


async def test_a_removed_one_opens_nothing(place: Place, client: Client) -> None:
    await sign_up_by_form(client)
    device = a_device()
    _, told = await add(client, device)
    form = {"csrf": await csrf_of(client), "credential": told["credential"]}
    gone = await client.post("/account/passkeys/drop", data=form)
    assert "You have none yet." in gone.text
    assert await enter(client, device) == (403, "passkey-wrong")


async def test_the_last_way_in_stays(place: Place, client: Client) -> None:
    """Somebody without a password, and no more than ten for anybody."""
    opening = partial(open_account, name="Reed", stored=None, acting=ANYONE, now=place.now)
    account: AccountId = await place.db.act(opening)
    session = await place.db.act(
        lambda tx: entering(tx, get_poster(tx, account), SessionKind.BEARER, now=place.now)
    )
    client.headers["authorization"] = f"Bearer {session.token}"
    for number in range(MOST):
        question = (await client.post(f"{API}/begin")).json()
        device = a_device(credential=bytes([number]) * 32, user=account)
        body = device.make(question["challenge"])
        assert (await client.post(API, json=body)).status_code == 201
    full = await client.post(f"{API}/begin")
    assert (full.status_code, full.json()["title"]) == (409, "too-many-passkeys")

    had = await place.db.read(partial(queries.passkeys_of, account=account))
    answers = [(await client.delete(f"{API}/{one.credential}")) for one in had]
    assert [one.status_code for one in answers] == [204] * (MOST - 1) + [409]
    assert answers[-1].json()["title"] == "last-way-in"


async def test_challenges_are_forgotten(place: Place, client: Client) -> None:
    await client.post(f"{API}/sign-in/begin")
    purging = partial(purge_sign_ins, acting=SERVICE)
    assert await place.db.act(partial(purging, now=place.now)) == 0
    later = place.now + timedelta(days=8)
    assert await place.db.act(partial(purging, now=later)) == 1


async def test_without_a_domain_there_are_none(place: Place, client: Client) -> None:
    await sign_up_by_form(client)
    place.people.access.base_url = "http://192.0.2.7"
    page = await client.get("/account/passkeys")
    assert "this service is not reached like that" in page.text
    page = await client.get("/account/sign-in")
    assert "passkey" not in page.text
    assert (await client.post(f"{API}/sign-in/begin")).json()["title"] == "passkeys-not-offered"
