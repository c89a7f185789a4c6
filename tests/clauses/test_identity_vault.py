"""What is known of a person is opened by several people only, told to them, and destroyed."""

import sqlite3
from contextlib import closing
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from gentie.accounts.model import Role
from gentie.accounts.queries import get_poster
from gentie.actions.identity.use_ticket import use_ticket
from gentie.kernel.actor import VAULT
from gentie.kernel.ids import AccountId, DecisionId
from gentie.standing import store as standing
from gentie.standing.rules import bar_of
from gentie.storage.db import Database
from gentie.vault import queries, rules, store
from gentie.vault.identity import PersonSealer
from gentie.vault.keys import new_private_key
from gentie.vault.model import Field
from gentie.vault.opening import open_person
from tests.actions.identity.test_disclosure import code_at
from tests.clauses.build import at, told
from tests.newsroom import DAILY
from tests.web.account.build import PASSWORD, csrf_of
from tests.whole import Client, Headers, Whole
from tests.whole import whole as whole  # noqa: PLC0414 a fixture

KEY = new_private_key()
SEALER = PersonSealer(KEY.public_key(), tenant="t1")


async def send(
    whole: Whole, desk: Client, who: Headers, path: str, form: dict[str, str], *, status: int = 200
) -> str:
    """A form of the console with a fresh code. Returns the page that follows."""
    whole.now += timedelta(seconds=30)
    body = form | {"code": code_at(whole.now)}
    answer = await desk.post(f"/console/disclosures{path}", data=body, headers=who)
    assert answer.status_code == status, answer.text
    return answer.text


async def account_of(browser: Client, who: Headers) -> AccountId:
    answer = await browser.get("/api/v1/account/session", headers=who)
    return AccountId(str(answer.json()["id"]))


async def person_of(whole: Whole, account: AccountId) -> str:
    poster = await whole.db.read(partial(get_poster, account=account))
    assert poster.verification is not None
    return poster.verification.person


async def keep_name(whole: Whole, person: str) -> None:
    sealed = SEALER.seal(person, {Field.NAME: "Lin Wanqiu"})
    await whole.vault.act(partial(store.keep_person, sealed=sealed, now=whole.now))


async def opened(vault: Database, person: str) -> list[dict[Field, str]]:
    kept = await vault.read(partial(queries.sealed_person, person=person))
    return [open_person(one, KEY, tenant="t1") for one in kept]


@pytest.mark.clause("2017-5.2a", "2022-4.2a")
async def test_an_identity_is_asked_for_approved_and_told(whole: Whole) -> None:
    async with whole.browser() as web:
        lin = await whole.a_commenter(web, "River", "lin")
        account = await account_of(web, lin)
        staff = {}
        for name, role in (
            ("Asker", Role.COMPLIANCE),
            ("Chief", Role.CHIEF_EDITOR),
            ("Admin", Role.ADMIN),
        ):
            await whole.employ(name, role)
            staff[name] = await whole.on_duty(web, name)
        asked = {"case": "2026-117", "basis": "CPL art. 54", "account": account}
        term = f"{whole.now + timedelta(days=3):%Y-%m-%dT%H:%M}"
        await send(whole, web, staff["Asker"], "", asked | {"ends_at": term}, status=422)
        await send(whole, web, staff["Asker"], "", asked | {"ends_at": term, "field-name": "yes"})
        ((one, _),) = await whole.db.read(queries.all_disclosures)
        await send(whole, web, staff["Asker"], "/ticket", {"disclosure": one.id}, status=409)
        for who in ("Chief", "Admin"):
            await send(whole, web, staff[who], "/answer", {"disclosure": one.id, "answer": "yes"})
        await send(whole, web, staff["Chief"], "/ticket", {"disclosure": one.id}, status=403)
        page = await send(whole, web, staff["Asker"], "/ticket", {"disclosure": one.id})

        assert "gentie vault open" in page
        assert "2026-117" not in (await web.get("/account/identity", headers=lin)).text
        ticket = page.partition("<code>")[2].partition("</code>")[0]
        await whole.db.act(partial(use_ticket, ticket=ticket, acting=VAULT, now=whole.now))
        assert "2026-117" in (await web.get("/account/identity", headers=lin)).text
        await whole.settle()
        book = await whole.vault.read(queries.book)
        assert [line.event.split("-")[0] for line in book] == [
            "asked",
            "approved",
            "approved",
            "ticket",
            "opened",
        ]
        assert rules.break_of(book) is None


@pytest.mark.clause("2017-5.2a")
async def test_who_reaches_for_bait_sets_off_the_alarm(
    whole: Whole, capsys: pytest.CaptureFixture[str]
) -> None:
    async with whole.browser() as web:
        bait = await account_of(web, await whole.a_commenter(web, "Old name", "lin"))
        mark = rules.mark_of(await person_of(whole, bait), whole.people.index_key.derive("bait"))
        await whole.vault.act(partial(store.add_honey, mark=mark))
        for name, role in (("Asker", Role.COMPLIANCE), ("C", Role.CHIEF_EDITOR), ("A", Role.ADMIN)):
            await whole.employ(f"{name} {name}", role)
        asker = await whole.on_duty(web, "Asker Asker")
        term = f"{whole.now + timedelta(days=3):%Y-%m-%dT%H:%M}"
        form = {"case": "curious", "basis": "curious", "account": bait, "field-name": "yes"}
        await send(whole, web, asker, "", form | {"ends_at": term})
        await whole.settle()

        assert "vault.alarm" in capsys.readouterr().out
        page = await web.get("/console/disclosures", headers=asker)
        assert "Alarm" in page.text


@pytest.mark.clause("2017-5.1c", "2022-4.1c", "2022f-4.1")
async def test_compliance_ends_a_verification_and_posting_ends_with_it(whole: Whole) -> None:
    async with whole.browser() as web:
        lin = await whole.a_commenter(web, "River", "lin")
        account = await account_of(web, lin)
        await whole.employ("Asker", Role.COMPLIANCE)
        await whole.employ("Gu Jiang", Role.MODERATOR)
        moderator = await whole.on_duty(web, "Gu Jiang")
        asker = await whole.on_duty(web, "Asker")
        why = {"account": account, "why": "another person's identity"}
        await send(whole, web, moderator, "/revoke", why, status=403)
        await send(whole, web, asker, "/revoke", why)

        posted = await web.post(
            f"{at(DAILY, 'blog')}/comments", json={"text": "still here"}, headers=lin
        )
        assert told(posted)[0] == 403
        assert posted.json()["type"] == "/problems/identity-revoked"


@pytest.mark.clause("2017-5.1c", "2022-4.1c")
async def test_an_expiry_ends_posting_in_an_open_session(whole: Whole) -> None:
    async with whole.browser() as web:
        await whole.a_commenter(web, "River", "lin")
        whole.now += timedelta(days=690)
        entering = {"name": "River", "password": PASSWORD}
        opened = await web.post("/api/v1/account/sign-in", json=entering)
        lin = {"authorization": f"Bearer {opened.json()['token']}"}
        place, text = f"{at(DAILY, 'blog')}/comments", {"text": "still here"}
        before = await web.post(place, json=text, headers=lin)
        whole.now += timedelta(days=60)
        after = await web.post(place, json=text, headers=lin)
        me = await web.get("/api/v1/account/session", headers=lin)

    assert before.status_code == 201, before.text
    assert after.json()["type"] == "/problems/identity-expired"
    assert me.json()["name"] == "River"


@pytest.mark.clause("2017-5.2b", "2022-4.2a")
async def test_what_was_destroyed_stays_destroyed_after_a_restore(
    whole: Whole, tmp_path: Path
) -> None:
    async with whole.browser() as web:
        lin = await whole.a_commenter(web, "River", "lin")
        reed = await whole.a_commenter(web, "Reed", "zhou")
        persons = [await person_of(whole, await account_of(web, who)) for who in (lin, reed)]
        for one in persons:
            await keep_name(whole, one)
        _back_up(tmp_path / "vault.db", tmp_path / "backup.db")

        await whole.enter(web, "River")
        form = {"csrf": await csrf_of(web), "sure": "yes"}
        assert (await web.post("/account/identity/erase", data=form)).status_code == 200
        web.cookies.clear()
        posted = await web.post(
            f"{at(DAILY, 'blog')}/comments", json={"text": "still here"}, headers=lin
        )
        assert posted.json()["type"] == "/problems/identity-revoked"
        await whole.settle()

        assert await opened(whole.vault, persons[0]) == []
        assert await whole.db.read(queries.waiting_erasures) == []
        restored = Database(f"sqlite:///{tmp_path}/backup.db")
        assert await opened(restored, persons[0]) == [{Field.NAME: "Lin Wanqiu"}]
        whole.vault, before = restored, whole.vault
        assert await whole.identities().destroy_again() == 3
        assert await whole.identities().destroy_again() == 0

        assert await opened(restored, persons[0]) == []
        assert await opened(restored, persons[1]) == [{Field.NAME: "Lin Wanqiu"}]
        whole.vault = before
        await restored.close()


@pytest.mark.clause("2017-9.1d")
async def test_who_may_not_return_is_known_again_after_an_erasure(whole: Whole) -> None:
    async with whole.browser() as web:
        lin = await whole.a_commenter(web, "River", "lin")
        person = await person_of(whole, await account_of(web, lin))
        bar = bar_of(person, DecisionId("1"), whole.now + timedelta(days=90), now=whole.now)
        await whole.db.act(partial(standing.bar, entry=bar))
        await whole.identities().destroy(person)

        web.cookies.clear()
        await whole.sign_up(web, "Somebody new")
        await whole.enter(web, "Somebody new")
        again = await whole.verify(web, "lin")
        whole.now += timedelta(days=90)
        web.cookies.clear()
        await whole.enter(web, "Somebody new")
        after = await whole.verify(web, "lin")

    assert "/t/daily/article" not in again
    assert after == "/t/daily/article"


async def test_an_erasure_whose_message_was_lost_is_done_all_the_same(whole: Whole) -> None:
    async with whole.browser() as web:
        person = await person_of(
            whole, await account_of(web, await whole.a_commenter(web, "River", "lin"))
        )
    await keep_name(whole, person)
    intend = partial(store.intend_erasure, person=person, account="x", now=whole.now)
    await whole.db.act(intend)

    await whole.identities().finish_erasures()

    assert await opened(whole.vault, person) == []
    assert await whole.db.read(queries.waiting_erasures) == []


def _back_up(source: Path, copy: Path) -> None:
    with closing(sqlite3.connect(source)) as tx, closing(sqlite3.connect(copy)) as into:
        tx.backup(into)
