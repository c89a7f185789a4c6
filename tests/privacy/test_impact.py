"""What an impact assessment needs, and how long it holds."""

from datetime import timedelta

import msgspec
import pytest

from gentie.kernel.ids import ActorId
from gentie.privacy.impact import rules
from gentie.privacy.impact.model import Impact, ImpactUnfit, Result, Standing
from gentie.privacy.inventory import faults_of, load_inventory
from tests.sites.build import NOON

YEAR = timedelta(days=365)
KEPT = rules.kept_for(load_inventory(), "publishing")
ONE = Impact(
    number="A-1",
    purpose="publishing",
    kept=KEPT,
    need="words",
    risk="words",
    measures="words",
    result=Result.WITH_MEASURES,
    review_at=NOON + YEAR,
    at=NOON,
    by=ActorId("staff:1"),
    role="compliance",
)


@pytest.mark.clause("2017-5.2a", "2022-4.2a")
@pytest.mark.parametrize(
    ("changes", "days", "standing"),
    [
        ({}, 0, Standing.VALID),
        ({}, 364, Standing.VALID),
        ({}, 365, Standing.OVER),
        ({"kept": "of another list"}, 0, Standing.STALE),
        ({"result": Result.NOT}, 0, Standing.NOT_ACCEPTABLE),
    ],
)
def test_it_holds_until_its_review_or_a_change(
    changes: dict[str, object], days: int, standing: Standing
) -> None:
    newest, now = msgspec.structs.replace(ONE, **changes), NOON + timedelta(days=days)

    assert rules.standing_of(newest, kept=KEPT, now=now) is standing
    assert rules.standing_of(None, kept=KEPT, now=now) is Standing.MISSING


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"purpose": "shoes"}, "purpose"),
        ({"need": " "}, "need"),
        ({"risk": "x" * 4001}, "risk"),
        ({"measures": ""}, "measures"),
        ({"review_at": NOON}, "review_at"),
        ({"review_at": NOON + 2 * YEAR}, "review_at"),
    ],
)
def test_what_is_missing_is_named(changes: dict[str, object], field: str) -> None:
    with pytest.raises(ImpactUnfit) as refused:
        rules.require_fit(msgspec.structs.replace(ONE, **changes), purposes={"publishing"})
    assert refused.value.facts == {"field": field}


def test_another_field_makes_another_list() -> None:
    inventory = load_inventory()
    first = next(one for one in inventory.records if one.purpose == "publishing")
    more = msgspec.structs.replace(first, fields=(*first.fields, "mood"))
    records = (more, *(one for one in inventory.records if one is not first))
    changed = msgspec.structs.replace(inventory, records=records)

    assert rules.kept_for(changed, "publishing") != KEPT
    assert rules.kept_for(changed, "mail") == rules.kept_for(inventory, "mail")


def test_a_reason_that_no_law_knows_is_a_fault() -> None:
    inventory = load_inventory()
    mail = msgspec.structs.replace(inventory.purposes["mail"], assess=("curiosity",))
    purposes = inventory.purposes | {"mail": mail}

    found = faults_of(msgspec.structs.replace(inventory, purposes=purposes), {})

    assert "mail: no reason to assess ['curiosity']" in set(found)
