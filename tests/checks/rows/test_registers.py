"""The checks of the registers hold on what the acts do, and see each planted fault."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import msgspec
import pytest
import sqlalchemy as sa

from gentie.accounts.model import Role
from gentie.accounts.roles import actor_of_staff
from gentie.actions.oversight.assess_impact import Assessed, assess_impact
from gentie.actions.oversight.delete_expired import delete_expired
from gentie.actions.oversight.note_on_leak import note_on_leak
from gentie.actions.oversight.tell_of_leak import tell_of_leak
from gentie.catalogue.regimes import get_regime
from gentie.checks.model import Finding, Outcome
from gentie.checks.registry import Run
from gentie.checks.rows.registers import (
    leaks_were_told,
    purposes_were_assessed,
    the_registers_are_whole,
)
from gentie.kernel.actor import SERVICE, MayNot
from gentie.privacy.impact.model import Result
from gentie.privacy.inventory import load_inventory
from gentie.privacy.leaks.model import LeakSettled, Step
from gentie.privacy.leaks.queries import all_leaks, told_of
from gentie.privacy.tables import closures, impacts, leak_entries, leak_persons, leaks
from gentie.sites.queries import get_site
from gentie.storage.db import Database
from tests.newsroom import ANN, DAILY, NOON, a_person, a_site
from tests.privacy.build import COMPLIANCE, found_leak, tell_everybody

LATER = NOON + timedelta(days=9)
ADMIN = actor_of_staff(msgspec.structs.replace(ANN, role=Role.ADMIN))
CHECKS: list[Run] = [the_registers_are_whole, leaks_were_told, purposes_were_assessed]


def assess(tx: sa.Connection, **changes: Any) -> None:
    for name, one in load_inventory().purposes.items():
        said = Assessed(
            purpose=name,
            need="words",
            risk="words",
            measures="words",
            result=Result.ACCEPTABLE,
            review_at=NOON + timedelta(days=365),
        )
        if one.assess:
            changed = msgspec.structs.replace(said, **changes)
            assess_impact(tx, changed, acting=COMPLIANCE, now=NOON)


def an_office(tx: sa.Connection) -> str:
    """One leak of everybody, told to both there are, and to the authority; all is assessed."""
    a_site(tx)
    a_person(tx, "River")
    a_person(tx, "Reed")
    assess(tx)
    number = found_leak(tx)
    note_on_leak(tx, number, Step.AUTHORITY, words="No. 7", acting=COMPLIANCE, now=NOON)
    tell_of_leak(tx, number, words="Change it.", acting=COMPLIANCE, now=NOON)
    tell_everybody(tx, number)
    return number


def seen(tx: sa.Connection, check: Run) -> Finding:
    site = get_site(tx, DAILY)
    return check(tx, site, get_regime(site.regime), now=LATER)


async def test_all_hold(db: Database) -> None:
    def body(tx: sa.Connection) -> None:
        an_office(tx)
        for check in CHECKS:
            found = seen(tx, check)
            assert (found.outcome, found.violations) == (Outcome.HOLDS, ()), check

    await db.act(body)


async def test_an_empty_service_proves_nothing(sqlite_db: Database) -> None:
    await sqlite_db.act(a_site)

    found = [await sqlite_db.read(partial(seen, check=check)) for check in CHECKS]

    assert [one.outcome for one in found] == [Outcome.NO_DATA] * len(CHECKS)


_told = leak_entries.c.number == 3
FAULTS: list[tuple[Run, Callable[[], Any]]] = [
    (the_registers_are_whole, lambda: leaks.update().values(salt=b"another")),
    (the_registers_are_whole, lambda: leak_entries.delete().where(_told)),
    (the_registers_are_whole, impacts.delete),
    (
        the_registers_are_whole,
        lambda: leak_entries.update().where(_told).values(record=_earlier_record()),
    ),
    (leaks_were_told, lambda: leak_entries.delete().where(_told)),
    (leaks_were_told, lambda: leak_entries.delete().where(leak_entries.c.number == 1)),
    (leaks_were_told, lambda: leak_persons.update().values(told_at=None)),
    (purposes_were_assessed, lambda: impacts.delete().where(impacts.c.purpose == "mail")),
]


def _earlier_record() -> sa.ScalarSelect[Any]:
    first = leak_entries.alias()
    return sa.select(first.c.record).where(first.c.number == 1).scalar_subquery()


@pytest.mark.clause("2017-5.2a", "2022-4.2a")
async def test_each_planted_fault_is_seen(db: Database) -> None:
    def body(tx: sa.Connection) -> None:
        an_office(tx)
        for check, plant in FAULTS:
            with tx.begin_nested() as trial:
                tx.execute(plant())
                assert seen(tx, check).outcome is Outcome.VIOLATED, check
                trial.rollback()

    await db.act(body)


@pytest.mark.parametrize(
    "changes", [{"review_at": NOON + timedelta(days=8)}, {"result": Result.NOT}]
)
async def test_an_assessment_that_holds_no_longer_is_seen(
    sqlite_db: Database, changes: dict[str, Any]
) -> None:
    def body(tx: sa.Connection) -> Outcome:
        an_office(tx)
        assess(tx, **changes)
        return seen(tx, purposes_were_assessed).outcome

    assert await sqlite_db.act(body) is Outcome.VIOLATED


@pytest.mark.clause("2017-5.2a", "2022-4.2a")
async def test_only_those_whom_it_concerns_are_told_each_once(db: Database) -> None:
    def body(tx: sa.Connection) -> None:
        a_site(tx)
        river, reed = a_person(tx, "River"), a_person(tx, "Reed")
        number = found_leak(tx, river)
        tell_of_leak(tx, number, words="Change it.", acting=COMPLIANCE, now=NOON)
        for _ in range(2):
            tell_everybody(tx, number)

        [told] = told_of(tx, river.account)
        assert (told.leak.number, told.words) == (number, "Change it.")
        assert told_of(tx, reed.account) == []
        [history] = all_leaks(tx)
        assert [one.step for one in history.entries] == [Step.TELLING, Step.TOLD]
        assert (history.people, history.told) == (1, 1)

    await db.act(body)


async def test_nobody_has_to_be_told_when_two_agree(sqlite_db: Database) -> None:
    """The second one's opinion makes it so, and who only agrees records nothing."""

    def body(tx: sa.Connection) -> list[Outcome]:
        a_site(tx)
        number = found_leak(tx)
        note_on_leak(tx, number, Step.AUTHORITY, words="No. 7", acting=COMPLIANCE, now=NOON)
        with pytest.raises(MayNot):
            note_on_leak(tx, number, Step.MEASURE, words="x", acting=ADMIN, now=NOON)
        with pytest.raises(LeakSettled):
            note_on_leak(tx, number, Step.TOLD, words="x", acting=COMPLIANCE, now=NOON)
        found = []
        for by in (COMPLIANCE, ADMIN):
            note_on_leak(tx, number, Step.SPARED, words="sealed", acting=by, now=NOON)
            found.append(seen(tx, leaks_were_told).outcome)
        return found

    assert await sqlite_db.act(body) == [Outcome.VIOLATED, Outcome.HOLDS]


async def test_whom_it_concerned_is_forgotten_three_years_after_they_left(
    sqlite_db: Database,
) -> None:
    """What was found and done stays."""

    def body(tx: sa.Connection) -> tuple[int, int]:
        an_office(tx)
        left = sa.select(leak_persons.c.account_id, sa.literal("stay"), leak_persons.c.told_at)
        columns = ["account_id", "comments", "closed_at"]
        tx.execute(closures.insert().from_select(columns, left))
        tx.execute(closures.update().values(cleared_at=NOON))
        delete_expired(tx, acting=SERVICE, now=NOON + timedelta(days=1097))
        count = sa.select(sa.func.count()).select_from(leak_persons)
        return tx.scalar(count) or 0, len(all_leaks(tx))

    assert await sqlite_db.act(body) == (0, 1)
