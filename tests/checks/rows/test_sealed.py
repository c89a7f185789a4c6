"""The checks of the vault hold on what the jobs do there, and see each planted fault."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from gentie.actions.identity.erase_identity import erase_identity
from gentie.actions.identity.keep_identity import keep_identity
from gentie.actions.identity.keep_network_record import keep_network_record
from gentie.catalogue.regimes import get_regime
from gentie.checks.model import Finding, Outcome
from gentie.checks.registry import Look, all_checks
from gentie.checks.rows import sealed as sealed_rows
from gentie.checks.rows.sealed import (
    deletions_in_the_vault_are_proven,
    nothing_sealed_outlives_its_term,
    the_book_is_whole,
    the_vault_keeps_what_is_declared,
    what_was_destroyed_is_gone,
)
from gentie.checks.vaulted import Vaulted, look
from gentie.jobs.identities import Identities
from gentie.jobs.people import prove_gone, tasks_for
from gentie.kernel.actor import SERVICE, Actor
from gentie.privacy.tables import closures, deletions
from gentie.sites.queries import get_site
from gentie.storage import outbox
from gentie.storage.db import Database
from gentie.vault.destroyed import Destroyed
from gentie.vault.identity import PersonSealer
from gentie.vault.keys import new_private_key
from gentie.vault.model import Field, SealedPerson, SealedRecord
from gentie.vault.queries import destroyed_persons
from gentie.vault.tables import (
    approvals,
    archive_contacts,
    audit,
    disclosures,
    erasures,
    network_records,
    person_keys,
    persons,
)
from tests.actions.identity.build import a_verifier
from tests.actions.identity.test_disclosure import Office
from tests.newsroom import DAILY, NOON, a_person

LATER = NOON + timedelta(days=3)
LONG_AGO = NOON - timedelta(days=30)
SEALER = PersonSealer(new_private_key().public_key(), tenant="t1")
CHECKS: list[Look] = [
    the_vault_keeps_what_is_declared,
    nothing_sealed_outlives_its_term,
    deletions_in_the_vault_are_proven,
    what_was_destroyed_is_gone,
    the_book_is_whole,
]


def sealed(name: str) -> SealedPerson:
    return SEALER.seal(f"person of {name}", {Field.NAME: name})


class House:
    """River's identity was opened by several, Brook's destroyed, an old record deleted."""

    def __init__(self, db: Database, vault: Database, folder: Path) -> None:
        self.db, self.vault = db, vault
        self.destroyed = Destroyed(folder / "vault.destroyed")
        self.office = Office(db)

    async def open(self) -> None:
        await self.office.open()
        await self.office.use(await self.office.ticket(await self.office.approved()))
        brook: Actor = await self.db.act(partial(a_person, name="Brook"))
        for name in ("River", "Brook"):
            await self._know(name)
        await self._record("old", LONG_AGO - timedelta(days=400))
        await self._record("new", NOON)
        await self.db.act(partial(erase_identity, acting=brook, now=NOON))
        await self._work()

    async def _know(self, name: str) -> None:
        row = {"key_version": 1, "digest": name, "sector": "s", "first_seen_at": LONG_AGO}
        row |= {"person": f"person of {name}", "confirmed_at": LONG_AGO}
        await self.vault.act(lambda tx: tx.execute(persons.insert(), row))
        keeping = partial(keep_identity, sealed=sealed(name), acting=a_verifier(), now=LONG_AGO)
        await self.vault.act(keeping)

    async def _record(self, reference: str, at: datetime) -> None:
        record = SealedRecord.posted(b"x", reference=reference, subject="c", at=at, keep_days=184)
        keeping = partial(keep_network_record, record=record, acting=SERVICE, now=at)
        await self.vault.act(keeping)

    async def _work(self) -> None:
        identities = Identities(
            self.db, self.vault, self.destroyed, bait_key=bytes(32), clock=lambda: NOON
        )
        handlers = identities.handlers()
        for message in await self.db.act(partial(outbox.take, now=NOON + timedelta(hours=1))):
            if message.topic in handlers:
                await handlers[message.topic](message)
        await tasks_for(self.db, self.vault, clock=lambda: NOON)[0].run()

    async def seen(self, check: Look) -> Finding:
        gone = {*self.destroyed.all(), *await self.db.read(destroyed_persons)}
        vaulted: Vaulted = await self.vault.read(partial(look, destroyed=gone, now=LATER))
        return await self.db.read(partial(check, vaulted=vaulted, now=LATER))


@pytest.fixture
async def house(db: Database, vault: Database, tmp_path: Path) -> House:
    house = House(db, vault, tmp_path)
    await house.open()
    return house


async def test_all_hold(house: House) -> None:
    for check in CHECKS:
        found = await house.seen(check)
        assert (found.outcome, found.violations) == (Outcome.HOLDS, ()), check


BROOK = {"person": "person of Brook", "key": "k", "public": "p", "at": NOON, "sealed_key": b"x"}
"""As a restore brings back what was destroyed."""
OLD = {"at": LONG_AGO, "expires_at": NOON, "blob": b"x"}
IN_THE_VAULT: list[tuple[Look, Callable[[], Any]]] = [
    (the_vault_keeps_what_is_declared, lambda: sa.text("ALTER TABLE person ADD COLUMN mood TEXT")),
    (the_vault_keeps_what_is_declared, lambda: sa.text("CREATE TABLE diary (mood TEXT)")),
    (nothing_sealed_outlives_its_term, lambda: network_records.update().values(expires_at=NOON)),
    (
        nothing_sealed_outlives_its_term,
        lambda: archive_contacts.insert().values(author="a", **OLD),
    ),
    (nothing_sealed_outlives_its_term, lambda: person_keys.update().values(person="somebody")),
    (what_was_destroyed_is_gone, lambda: person_keys.insert().values(**BROOK)),
    (the_book_is_whole, lambda: audit.update().where(audit.c.number == 2).values(at=LATER)),
    (the_book_is_whole, lambda: audit.delete().where(audit.c.event == "opened")),
    (the_book_is_whole, audit.delete),
]
IN_THE_MAIN_ONE: list[tuple[Look, Callable[[], Any]]] = [
    (
        nothing_sealed_outlives_its_term,
        lambda: closures.insert().from_select(
            ["account_id", "closed_at", "comments"],
            sa.select(
                disclosures.c.account,
                sa.literal(LONG_AGO, closures.c.closed_at.type),
                sa.literal("stay"),
            ),
        ),
    ),
    (nothing_sealed_outlives_its_term, lambda: erasures.update().values(destroyed_at=None)),
    (deletions_in_the_vault_are_proven, deletions.delete),
    (deletions_in_the_vault_are_proven, lambda: deletions.update().values(rows=7)),
    (the_book_is_whole, lambda: approvals.update().values(by=approvals.c.by + "x")),
]


@pytest.mark.clause("2017-5.2a", "2017-8.c", "2022-4.2a", "2022-7.c")
async def test_each_planted_fault_is_seen(house: House) -> None:
    """One after another, each taken back before the next."""
    for check, plant in IN_THE_VAULT:
        with planted(house.vault, plant) as tx:
            vaulted = look(tx, ["person of Brook"], now=LATER)
            found = await house.db.read(partial(check, vaulted=vaulted, now=LATER))
        assert found.outcome is Outcome.VIOLATED, check
    seen = await house.vault.read(partial(look, destroyed=["person of Brook"], now=LATER))
    for check, plant in IN_THE_MAIN_ONE:
        with planted(house.db, plant) as tx:
            found = check(tx, seen, now=LATER)
        assert found.outcome is Outcome.VIOLATED, check


@contextmanager
def planted(db: Database, plant: Callable[[], Any]) -> Iterator[sa.Connection]:
    with db.engine.sql.connect() as tx, tx.begin() as step:
        tx.execute(plant())
        yield tx
        step.rollback()


async def test_what_a_crash_kept_from_the_log_is_proven_afterwards(house: House) -> None:
    """The vault deleted, the process died; the next run owes the proof, and owes it once."""
    await house.db.act(lambda tx: tx.execute(deletions.delete()))

    owed = [await prove_gone(house.db, house.vault, clock=lambda: NOON) for _ in range(2)]

    assert owed == [2, 0]
    assert (await house.seen(deletions_in_the_vault_are_proven)).outcome is Outcome.HOLDS


async def test_where_nobody_looked_nothing_is_examined(house: House) -> None:
    """Said as *no data*, and never counted as holding."""
    site, regime = await house.db.read(partial(get_site, site=DAILY)), get_regime("cn-2022-final")
    of_the_vault = [one for one in all_checks() if one.name.startswith(sealed_rows.__name__)]

    found = [
        await house.db.read(partial(one.run, site=site, regime=regime, now=LATER))
        for one in of_the_vault
    ]

    assert [one.outcome for one in found] == [Outcome.NO_DATA] * len(CHECKS)
