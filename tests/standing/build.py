"""Facts of standing, ready made."""

from datetime import UTC, datetime, timedelta

import msgspec

from gentie.catalogue.regimes import Ladder
from gentie.kernel.ids import AccountId, DecisionId, SiteId
from gentie.standing.model import Measure, Sanction, Violation

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
DAY = timedelta(days=1)
HERE = SiteId("daily")
LADDER = Ladder(
    terms=("warn", "warn", "restrict", "suspend"),
    negative=("warn", "restrict", "suspend", "close"),
    illegal=("restrict", "suspend", "close", "bar_reregistration"),
    restrict_days=7,
    suspend_days=30,
    bar_days=365,
    memory_days=365,
    within_days=14,
)


def a_violation(**changes: object) -> Violation:
    one = Violation(
        decision=DecisionId("100"),
        account=AccountId("river"),
        site=HERE,
        tier="terms",
        written_at=NOON - DAY,
        decided_at=NOON - DAY,
        by_person=True,
        stands=True,
    )
    return msgspec.structs.replace(one, **changes)


def a_sanction(measure: Measure = Measure.RESTRICT, **changes: object) -> Sanction:
    one = Sanction(
        id="1",
        account=AccountId("river"),
        site=HERE,
        measure=measure,
        decision=DecisionId("200"),
        rests_on=DecisionId("100"),
        starts_at=NOON - 10 * DAY,
        ends_at=NOON + 10 * DAY,
        confirm_before=None,
        confirmed_by=None,
        lifted_at=None,
    )
    return msgspec.structs.replace(one, **changes)
