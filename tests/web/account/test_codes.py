"""One-time codes from the form to the gate: bound, counted, kept as marks only."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from functools import partial

import msgspec
import pytest

from gentie.accounts import queries
from gentie.accounts.codes.model import Proof
from gentie.accounts.model import Purpose, Verification
from gentie.accounts.roles import actor_of_account
from gentie.actions.identity.erase_identity import erase_identity
from gentie.actions.identity.purge_sign_ins import purge_sign_ins
from gentie.catalogue.regimes import Regime, get_regime
from gentie.kernel.actor import SERVICE
from gentie.kernel.ids import AccountId
from gentie.pages import vaulting
from gentie.storage.schema import metadata
from gentie.vault import queries as vault
from gentie.vault import store
from gentie.vault.identity import PersonSealer
from gentie.vault.keys import new_private_key
from gentie.vault.model import Field
from gentie.vault.opening import open_person
from gentie.vault.tables import vault_metadata
from gentie.web.account.codes import BY_ACCOUNT, BY_TARGET, site_in
from tests.accounts.gateway import SmallGateway, a_gateway
from tests.newsroom import DAILY, a_site
from tests.web.account.build import Client, Place, csrf_of, sign_up_by_form
from tests.whole import rows_of

NUMBER = "+8613900000000"
ORG = "91350100M000100Y43"
BACK = "/t/daily/article"
TICKET = re.compile(r'name="ticket" value="([^"]*)"')
KEY = new_private_key()


@pytest.fixture
def gateway(place: Place) -> Iterator[SmallGateway]:
    with a_gateway() as gateway:
        both = {"sms": gateway.client(), "register": gateway.client(Proof.ORG_CODE)}
        place.people = replace(place.people, gateways=both)
        yield gateway


async def send(
    client: Client, target: str = "139 0000 0000", by: str = "sms", *, status: int = 200
) -> dict[str, str]:
    """The form that the page with the code sends. Empty: no code went out."""
    form = {"target": target, "consent": "yes", "next": BACK, "csrf": await csrf_of(client)}
    page = await client.post(f"/account/verify/code/{by}", data=form)
    assert page.status_code == status, page.text
    found = TICKET.search(page.text)
    normal = NUMBER if by == "sms" else ORG
    return {**form, "ticket": found.group(1), "target": normal} if found else {}


async def confirm(client: Client, form: dict[str, str], code: str, by: str = "sms") -> int:
    shown = {name: said for name, said in form.items() if name != "consent"}
    answer = await client.post(
        f"/account/verify/code/{by}/confirm", data={**shown, "code": code}, follow_redirects=False
    )
    assert answer.status_code != 303 or answer.headers["location"] == BACK
    return answer.status_code


async def another(client: Client, name: str) -> None:
    """A new account in a browser that knows nobody."""
    client.cookies.clear()
    await sign_up_by_form(client, name)


async def account_of(client: Client) -> AccountId:
    return AccountId((await client.get("/api/v1/account/session")).json()["id"])


async def verification_of(client: Client, place: Place) -> Verification | None:
    account = await account_of(client)
    return (await place.db.read(partial(queries.get_poster, account=account))).verification


async def verify(client: Client, gateway: SmallGateway, by: str = "sms", target: str = "") -> int:
    form = await send(client, target or (NUMBER if by == "sms" else ORG), by)
    return await confirm(client, form, gateway.last_code, by)


async def all_rows(place: Place) -> str:
    main = await place.db.read(partial(rows_of, tables=metadata.sorted_tables))
    sealed = await place.vault.read(partial(rows_of, tables=vault_metadata.sorted_tables))
    return str(main | sealed)


@pytest.mark.clause("2017-5.1a", "2017-5.2b", "2022-4.1a", "2022f-4.1")
async def test_the_right_code_verifies_and_keeps_no_number(
    place: Place, gateway: SmallGateway
) -> None:
    async with place.client() as client:
        await sign_up_by_form(client)
        told = await client.get("/account/verify/code/sms", headers={"accept-language": "zh-CN"})
        form = await send(client)
        code = gateway.last_code
        under_way = await all_rows(place)
        right = await confirm(client, form, code)
        again = await confirm(client, form, code)
        verification = await verification_of(client, place)

    assert "电话号码" in told.text
    assert (right, again) == (303, 403)
    assert gateway.sent[-1]["to"] == NUMBER
    assert verification is not None
    assert (verification.method, verification.valid_until) == (
        "phone",
        place.now + timedelta(days=365),
    )
    for rows in (under_way, await all_rows(place)):
        assert NUMBER not in rows
        assert NUMBER[3:] not in rows
        assert code not in rows


async def test_five_tries_and_five_minutes(place: Place, gateway: SmallGateway) -> None:
    async with place.client() as client:
        await sign_up_by_form(client)
        form = await send(client)
        wrong = "000000" if gateway.last_code != "000000" else "111111"
        tries = [await confirm(client, form, wrong) for _ in range(5)]
        late_try = await confirm(client, form, gateway.last_code)
        form = await send(client)
        place.now += timedelta(minutes=5)
        late = await confirm(client, form, gateway.last_code)

        assert (tries, late_try, late) == ([403] * 5, 403, 403)
        assert await verification_of(client, place) is None


async def test_the_fifth_try_may_be_right(place: Place, gateway: SmallGateway) -> None:
    async with place.client() as client:
        await sign_up_by_form(client)
        form = await send(client)
        for _ in range(4):
            await confirm(client, form, "nothing")

        assert await confirm(client, form, gateway.last_code) == 303


@pytest.mark.parametrize("change", ["session", "account", "target", "ticket"])
async def test_a_code_is_bound(place: Place, gateway: SmallGateway, change: str) -> None:
    async with place.client() as client:
        await sign_up_by_form(client)
        form = await send(client)
        code = gateway.last_code
        if change == "target":
            form["target"] = "+8613900000001"
        if change == "ticket":
            form |= {"ticket": (await send(client))["ticket"]}
        if change == "session":
            credentials = {"name": "渡口的风", "password": "several plain words"}
            client.cookies.clear()
            await client.post("/account/sign-in", data=credentials, follow_redirects=False)
        if change == "account":
            await another(client, "another one")
        form["csrf"] = await csrf_of(client)

        assert await confirm(client, form, code) == 403
        assert await verification_of(client, place) is None


async def test_codes_are_counted_by_number_and_account(place: Place, gateway: SmallGateway) -> None:
    async with place.client() as client:
        await sign_up_by_form(client)
        for _ in range(min(BY_TARGET, BY_ACCOUNT)):
            await send(client)
        await send(client, status=429)
        await another(client, "another one")
        await send(client, status=429)  # the number is the same
        await send(client, "+8613900000001")

    assert len(gateway.sent) == BY_TARGET + 1


@pytest.mark.parametrize(
    ("back", "site"),
    [
        ("/t/daily/article", "daily"),
        ("/account/connect?site=daily&origin=x", "daily"),
        ("/account/connect?a=1%26site%3Ddaily", "daily"),
        ("/account/me", ""),
    ],
)
def test_a_site_is_known_by_the_way_back(back: str, site: str) -> None:
    assert site_in(back) == site


async def test_a_gateway_that_is_away_is_told_and_verifies_nobody(
    place: Place, gateway: SmallGateway
) -> None:
    async with place.client() as client:
        await sign_up_by_form(client)
        gateway.manner = "fails"
        form = {"target": NUMBER, "consent": "yes", "csrf": await csrf_of(client)}
        page = await client.post(
            "/account/verify/code/sms", data=form, headers={"accept-language": "zh-CN"}
        )

        assert page.status_code == 503
        assert 'role="alert"' in page.text
        assert await verification_of(client, place) is None


async def test_programs_take_the_same_way(place: Place, gateway: SmallGateway) -> None:
    async with place.client() as client:
        await sign_up_by_form(client)
        headers = {"x-csrf-token": await csrf_of(client)}
        wanted = {"provider": "sms", "target": NUMBER}
        here = "/api/v1/account/verify/codes"
        early = await client.post(here, json=wanted, headers=headers)
        saying = {"purpose": Purpose.IDENTITY_CHECK.value, "given": True}
        await client.post("/api/v1/account/consents", json=saying, headers=headers)
        bad = await client.post(here, json=wanted | {"target": "12"}, headers=headers)
        unknown = await client.post(here, json=wanted | {"provider": "x"}, headers=headers)
        sent = (await client.post(here, json=wanted, headers=headers)).json()
        given = {"ticket": sent["ticket"], "target": sent["target"], "code": gateway.last_code}
        done = await client.post(f"{here}/confirm", json=given, headers=headers)
        again = await client.post(f"{here}/confirm", json=given, headers=headers)

    assert early.json()["type"].endswith("consent-required")
    assert bad.json()["type"].endswith("bad-phone-number")
    assert unknown.status_code == 404
    assert done.json()["method"] == "phone"
    assert again.json()["type"].endswith("code-wrong")


@pytest.mark.clause("2022f-4.1")
async def test_an_organisation_is_verified_by_its_code(place: Place, gateway: SmallGateway) -> None:
    async with place.client() as client:
        await sign_up_by_form(client)
        await send(client, "91350100M000100Y44", "register", status=422)
        assert await verify(client, gateway, "register") == 303
        verification = await verification_of(client, place)

    assert verification is not None
    assert verification.method == "org_code"
    assert gateway.sent[-1]["to"] == ORG


async def test_a_second_method_is_the_same_person_a_second_number_is_not(
    place: Place, gateway: SmallGateway
) -> None:
    async with place.client() as client:
        await sign_up_by_form(client)
        await verify(client, gateway)
        first = await verification_of(client, place)
        assert await verify(client, gateway, "register") == 303
        second = await verification_of(client, place)
        form = await send(client, "+8613900000001")
        form["target"] = "+8613900000001"
        other = await confirm(client, form, gateway.last_code)

    assert first is not None
    assert second is not None
    assert first.person == second.person
    assert other == 403


async def test_who_had_it_destroyed_may_verify_again(place: Place, gateway: SmallGateway) -> None:
    async with place.client() as client:
        await sign_up_by_form(client)
        await verify(client, gateway)
        before = await verification_of(client, place)
        assert before is not None
        acting = actor_of_account(await account_of(client))
        await place.db.act(partial(erase_identity, acting=acting, now=place.now))
        await place.vault.act(partial(store.destroy_person, person=before.person, now=place.now))
        assert await verify(client, gateway) == 303
        after = await verification_of(client, place)

    assert after is not None
    assert after.person != before.person


@pytest.mark.clause("2017-9.1a")
async def test_who_may_not_return_and_who_has_enough_accounts_hear_the_same(
    place: Place, gateway: SmallGateway
) -> None:
    await place.db.act(partial(a_site, site=DAILY, regime="cn-2022-final", test=False))
    allowed = get_regime("cn-2022-final").identity.accounts_per_person
    async with place.client() as client:
        for number in range(allowed):
            await another(client, f"account {number}")
            assert await verify(client, gateway) == 303
            place.now += timedelta(hours=1)
        person = await verification_of(client, place)
        assert person is not None
        await another(client, "one too many")
        form = await send(client)
        form.pop("consent")
        too_many = await client.post(
            "/account/verify/code/sms/confirm", data=form | {"code": gateway.last_code}
        )
        place.now += timedelta(hours=1)
        until = place.now + timedelta(days=30)
        await place.vault.act(partial(store.hold_person, person=person.person, until=until))
        form = await send(client)
        form.pop("consent")
        barred = await client.post(
            "/account/verify/code/sms/confirm", data=form | {"code": gateway.last_code}
        )
        nobody = await verification_of(client, place)
        place.now = until

    def said(page: str) -> str:
        return page[page.index('role="alert"') : page.index("<form", page.index('role="alert"'))]

    assert (too_many.status_code, barred.status_code) == (403, 403)
    assert said(too_many.text) == said(barred.text)
    assert nobody is None


@pytest.mark.parametrize("vaulted", [False, True])
async def test_the_number_is_sealed_only_where_the_regime_asks(
    place: Place, gateway: SmallGateway, monkeypatch: pytest.MonkeyPatch, *, vaulted: bool
) -> None:
    await place.db.act(partial(a_site, site=DAILY, regime="cn-2022-final", test=False))
    place.people = replace(
        place.people, identity_sealer=PersonSealer(KEY.public_key(), tenant="t1")
    )
    monkeypatch.setattr(vaulting, "get_regime", partial(_asking, vaulted=vaulted))
    async with place.client() as client:
        await sign_up_by_form(client)
        assert await verify(client, gateway) == 303
        verification = await verification_of(client, place)

    assert verification is not None
    kept = await place.vault.read(partial(vault.sealed_person, person=verification.person))
    found = [open_person(one, KEY, tenant="t1") for one in kept]
    assert found == ([{Field.PHONE: NUMBER}] if vaulted else [])
    assert NUMBER not in await all_rows(place)


async def test_nothing_is_sealed_for_a_lock_that_is_not_there(
    place: Place, gateway: SmallGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    await place.db.act(partial(a_site, site=DAILY, regime="cn-2022-final", test=False))
    monkeypatch.setattr(vaulting, "get_regime", partial(_asking, vaulted=True))
    async with place.client() as client:
        await sign_up_by_form(client)

        assert await verify(client, gateway) == 503
        assert await verification_of(client, place) is None


async def test_old_codes_are_forgotten(place: Place, gateway: SmallGateway) -> None:
    async with place.client() as client:
        await sign_up_by_form(client)
        await send(client)
    purge = partial(purge_sign_ins, acting=SERVICE)

    early = await place.db.act(partial(purge, now=place.now + timedelta(days=7)))
    later = await place.db.act(partial(purge, now=place.now + timedelta(days=8)))

    assert (early, later) == (0, 1)


def _asking(regime: str, *, vaulted: bool) -> Regime:
    found = get_regime(regime)
    identity = msgspec.structs.replace(found.identity, vaulted=vaulted)
    return msgspec.structs.replace(found, identity=identity)
