"""The checks of identities hold on what the acts do, and see each planted fault."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from gentie.accounts.tables import verifications
from gentie.catalogue.regimes import get_regime
from gentie.checks.model import Finding, Outcome
from gentie.checks.rows.vault import opened_by_several, verified_by_a_known_method
from gentie.sites.queries import get_site
from gentie.storage.db import Database
from gentie.vault.tables import approvals, disclosures
from tests.actions.identity.test_disclosure import Office
from tests.newsroom import DAILY, NOON, post


@pytest.fixture
async def office(db: Database) -> Office:
    """One identity was opened as it should be, and the person behind it has posted."""
    office = Office(db)
    await office.open()
    await office.use(await office.ticket(await office.approved()))
    await db.act(lambda tx: post(tx, office.river, site=DAILY))
    return office


def look(check: Callable[..., Finding]) -> Callable[[sa.Connection], Finding]:
    def body(tx: sa.Connection) -> Finding:
        site = get_site(tx, DAILY)
        return check(tx, site, get_regime(site.regime), now=NOON)

    return body


@pytest.mark.parametrize("check", [opened_by_several, verified_by_a_known_method])
async def test_holds(office: Office, check: Callable[..., Finding]) -> None:
    found = await office.db.read(look(check))

    assert (found.outcome, found.examined) == (Outcome.HOLDS, 1)


FAULTS: list[Callable[[], Any]] = [
    lambda: approvals.delete().where(approvals.c.role == "admin"),
    lambda: approvals.update().where(approvals.c.role == "admin").values(yes=False),
    lambda: approvals.update().values(role="admin"),
    lambda: (
        approvals.update()
        .where(approvals.c.role == "admin")
        .values(by=sa.select(disclosures.c.asked_by).scalar_subquery())
    ),
    lambda: approvals.update().values(at=NOON + timedelta(days=1)),
    lambda: disclosures.update().values(opened_at=disclosures.c.ticket_until),
    lambda: disclosures.update().values(refused_at=NOON),
    lambda: disclosures.update().values(ticket_until=None),
]


@pytest.mark.parametrize("fault", FAULTS)
async def test_a_look_past_the_rules_is_seen(office: Office, fault: Callable[[], Any]) -> None:
    await office.db.act(lambda tx: tx.execute(fault()))

    found = await office.db.read(look(opened_by_several))

    assert found.outcome is Outcome.VIOLATED


async def test_one_approval_is_enough_only_from_outside(office: Office) -> None:
    def plant(tx: sa.Connection) -> None:
        tx.execute(approvals.delete().where(approvals.c.role == "admin"))
        tx.execute(disclosures.update().values(needs=1))

    await office.db.act(plant)
    assert (await office.db.read(look(opened_by_several))).outcome is Outcome.VIOLATED

    await office.db.act(lambda tx: tx.execute(approvals.update().values(outside=True)))
    assert (await office.db.read(look(opened_by_several))).outcome is Outcome.HOLDS


@pytest.mark.parametrize("values", [{"method": "other"}, {"recorded_at": NOON + timedelta(days=1)}])
async def test_another_method_is_seen(office: Office, values: dict[str, Any]) -> None:
    await office.db.act(lambda tx: tx.execute(verifications.update().values(**values)))

    found = await office.db.read(look(verified_by_a_known_method))

    assert found.outcome is Outcome.VIOLATED


async def test_nothing_examined_is_said(db: Database) -> None:
    office = Office(db)
    await office.open()

    for check in (opened_by_several, verified_by_a_known_method):
        assert (await db.read(look(check))).outcome is Outcome.NO_DATA
