"""What an entry about a leak needs, and which clock is missed."""

from datetime import datetime, timedelta

import pytest

from gentie.privacy.leaks import rules
from gentie.privacy.leaks.model import Clocks, Entry, LeakSettled, LeakUnfit, Step
from tests.privacy.build import a_history, a_leak, an_entry
from tests.sites.build import NOON

DAY = timedelta(days=1)
TABLES = {"account", "comment"}


def test_the_strictest_clocks_hold() -> None:
    found = rules.strictest(
        [Clocks(authority=DAY, people=4 * DAY), Clocks(authority=2 * DAY, people=3 * DAY)]
    )

    assert found == Clocks(authority=DAY, people=3 * DAY)


@pytest.mark.parametrize(
    ("changes", "listed", "field"),
    [
        ({"cause": " "}, 0, "cause"),
        ({"advice": "x" * 2001}, 0, "advice"),
        ({"found_at": NOON + DAY}, 0, "found_at"),
        ({"happened_at": NOON + DAY}, 0, "found_at"),
        ({"data": ()}, 0, "data"),
        ({"data": ("shoes",)}, 0, "data"),
        ({}, 1, "accounts"),
        ({"concerns": "listed"}, 0, "accounts"),
    ],
)
def test_what_is_missing_is_named(changes: dict[str, object], listed: int, field: str) -> None:
    with pytest.raises(LeakUnfit) as refused:
        rules.require_fit(a_leak(**changes), tables=TABLES, listed=listed, now=NOON)
    assert refused.value.facts == {"field": field}


AUTHORITY = an_entry(Step.AUTHORITY)
SPARED = [an_entry(Step.SPARED), an_entry(Step.SPARED, by="staff:2", hours=2)]
TOLD = an_entry(Step.TOLD, hours=71)


@pytest.mark.clause("2017-5.2a", "2022-4.2a")
@pytest.mark.parametrize(
    ("entries", "now", "late"),
    [
        ([], NOON + DAY, []),
        ([], NOON + 2 * DAY, ["authority"]),
        ([], NOON + 4 * DAY, ["authority", "people"]),
        ([AUTHORITY], NOON + 4 * DAY, ["people"]),
        ([AUTHORITY, TOLD], NOON + 9 * DAY, []),
        ([an_entry(Step.AUTHORITY, hours=25), TOLD], NOON + 9 * DAY, ["authority"]),
        ([AUTHORITY, an_entry(Step.TELLING)], NOON + 9 * DAY, ["people"]),
        ([AUTHORITY, an_entry(Step.TOLD, hours=73)], NOON + 9 * DAY, ["people"]),
        ([AUTHORITY, SPARED[0]], NOON + 9 * DAY, ["people"]),
        ([AUTHORITY, SPARED[0], SPARED[0]], NOON + 9 * DAY, ["people"]),
        ([AUTHORITY, *SPARED], NOON + 9 * DAY, []),
    ],
)
def test_a_missed_clock_is_said(entries: list[Entry], now: datetime, late: list[str]) -> None:
    assert list(rules.late_of(a_history(*entries), now=now)) == late


@pytest.mark.parametrize(
    ("before", "entry"),
    [
        ([an_entry(Step.CLOSED)], an_entry(Step.MEASURE)),
        ([], an_entry(Step.CLOSED)),
        ([AUTHORITY], an_entry(Step.CLOSED)),
        ([an_entry(Step.TELLING)], an_entry(Step.TELLING)),
        ([an_entry(Step.TELLING)], an_entry(Step.SPARED)),
        ([SPARED[0]], SPARED[0]),
    ],
)
def test_what_makes_no_sense_any_more_is_refused(before: list[Entry], entry: Entry) -> None:
    with pytest.raises(LeakSettled):
        rules.require_may_enter(a_history(*before), entry)


def test_what_makes_sense_is_entered() -> None:
    for before, entry in (
        ([], an_entry(Step.MEASURE)),
        ([SPARED[0]], SPARED[1]),
        ([*SPARED], an_entry(Step.TELLING)),
        ([AUTHORITY, TOLD], an_entry(Step.CLOSED)),
    ):
        rules.require_may_enter(a_history(*before), entry)
    with pytest.raises(LeakUnfit):
        rules.require_may_enter(a_history(), an_entry(Step.MEASURE, words=" "))
