"""What is kept of people: each check holds on what the acts do, and sees its planted fault."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import msgspec
import pytest
import sqlalchemy as sa

from gentie.accounts.model import Purpose
from gentie.accounts.tables import consents, verifications
from gentie.actions.grievances.ask_for_right import ask_for_right
from gentie.actions.identity.publish_rules import publish_rules
from gentie.actions.identity.see_rules import see_rules
from gentie.actions.identity.withdraw_consent import withdraw_consent
from gentie.catalogue.regimes import get_regime
from gentie.checks.model import Finding, Outcome
from gentie.checks.registry import Run
from gentie.checks.rows.privacy import (
    each_purpose_has_its_ground,
    nothing_is_kept_undeclared,
    people_were_asked,
    rights_were_answered,
    the_rules_are_published,
)
from gentie.kernel.actor import SERVICE, Actor
from gentie.privacy.inventory import lines_of, load_inventory
from gentie.privacy.model import RequestKind
from gentie.privacy.tables import processing_rules, requests, rules_seen
from gentie.sites.queries import get_site
from gentie.storage.db import Database
from gentie.vault.tables import erasures
from tests.newsroom import DAILY, NOON, a_person, a_site

LATER = NOON + timedelta(days=16)
LINES = lines_of(load_inventory())
Plant = Callable[[], Any]


class Undone(Exception):
    """Takes a planted table back with the rest of the transaction."""


def somebody(tx: sa.Connection) -> Actor:
    """Verified, has seen the rules, and asks for an explanation."""
    a_site(tx)
    publish_rules(tx, acting=SERVICE, now=NOON)
    river = a_person(tx)
    see_rules(tx, 1, acting=river, now=NOON)
    ask_for_right(tx, RequestKind.EXPLAIN, statement="Why?", acting=river, now=NOON)
    return river


def seen(tx: sa.Connection, check: Run, *, late: bool = False) -> Finding:
    site = get_site(tx, DAILY)
    return check(tx, site, get_regime(site.regime), now=LATER if late else NOON)


@pytest.mark.parametrize(
    "check",
    [
        nothing_is_kept_undeclared,
        the_rules_are_published,
        people_were_asked,
        each_purpose_has_its_ground,
        rights_were_answered,
    ],
)
async def test_holds(db: Database, check: Run) -> None:
    def body(tx: sa.Connection) -> None:
        somebody(tx)
        found = seen(tx, check)
        assert (found.outcome, found.violations) == (Outcome.HOLDS, ())

    await db.act(body)


def _published(**fields: object) -> Plant:
    """The rules as they would stand if the first line said something else."""
    lines = (msgspec.structs.replace(LINES[0], **fields), *LINES[1:])
    return lambda: processing_rules.update().values(lines=msgspec.json.encode(lines))


_WITHDRAWN = {"purpose": "identity-check", "version": 1, "given": False, "at": NOON}
FAULTS: list[tuple[Run, Plant]] = [
    (nothing_is_kept_undeclared, lambda: sa.text("ALTER TABLE account ADD COLUMN mood TEXT")),
    (nothing_is_kept_undeclared, lambda: sa.text("CREATE TABLE diary (mood TEXT)")),
    (the_rules_are_published, _published(days=9999)),
    (the_rules_are_published, _published(fields=())),
    (the_rules_are_published, lambda: rules_seen.update().values(number=7)),
    (the_rules_are_published, lambda: consents.update().values(version=7)),
    (people_were_asked, consents.delete),
    (people_were_asked, lambda: consents.update().values(given=False)),
    (people_were_asked, lambda: consents.update().values(at=LATER)),
    (people_were_asked, lambda: consents.update().values(purpose=Purpose.MAIL.value)),
    (each_purpose_has_its_ground, _published(law=None)),
    (
        each_purpose_has_its_ground,
        _published(basis=load_inventory().bases["consent"]),
    ),
    (rights_were_answered, lambda: requests.update().values(due_at=NOON - timedelta(days=1))),
    (rights_were_answered, lambda: requests.update().values(answered_at=LATER, answer="Yes")),
    (rights_were_answered, lambda: requests.update().values(answered_at=NOON, answer="")),
    (
        rights_were_answered,
        lambda: erasures.insert().from_select(
            ["person", "account", "asked_at", "destroyed_at"],
            sa.select(
                verifications.c.person,
                verifications.c.account_id,
                verifications.c.recorded_at,
                sa.literal(LATER, verifications.c.recorded_at.type),
            ),
        ),
    ),
]


@pytest.mark.clause("2017-5.2a", "2017-5.2b", "2017-5.2c", "2017-5.2d", "2022-4.2a", "2022-4.2b")
@pytest.mark.parametrize(("check", "plant"), FAULTS)
async def test_a_planted_fault_is_seen(db: Database, check: Run, plant: Plant) -> None:
    def body(tx: sa.Connection) -> None:
        somebody(tx)
        tx.execute(plant())
        assert seen(tx, check).outcome is Outcome.VIOLATED
        raise Undone

    with pytest.raises(Undone):
        await db.act(body)


async def test_what_waits_too_long_is_seen_by_itself(db: Database) -> None:
    def body(tx: sa.Connection) -> None:
        somebody(tx)
        assert [one.note for one in seen(tx, rights_were_answered, late=True).violations] == [
            "overdue"
        ]

    await db.act(body)


@pytest.mark.clause("2017-5.2d", "2022-4.2c")
async def test_who_takes_the_consent_back_counts_as_verified_no_longer(db: Database) -> None:
    def body(tx: sa.Connection) -> None:
        river = somebody(tx)
        withdraw_consent(tx, Purpose.IDENTITY_CHECK, acting=river, now=LATER)
        assert seen(tx, people_were_asked, late=True).outcome is Outcome.HOLDS
        tx.execute(verifications.update().values(revoked_at=None))
        notes = {one.note for one in seen(tx, people_were_asked, late=True).violations}
        assert notes == {"taken back"}

    await db.act(body)
