"""How long a measure took: from when something was noticed to when it was felt."""

from datetime import datetime

import msgspec
import sqlalchemy as sa

from gentie.cases.queries import first_report_on
from gentie.catalogue import fulfils
from gentie.decisions import queries as decisions
from gentie.kernel.ids import CommentRef
from gentie.review.queries import first_opened_on
from gentie.standing.model import Sanction


class Clock(msgspec.Struct, frozen=True, kw_only=True):
    """The stations of a measure. Each is the earliest moment that is on record."""

    found_at: datetime
    """Reported, or put before a person by screening; else the decision, by who came across it."""
    decided_at: datetime
    """On what was written."""
    felt_at: datetime
    """When the measure was taken, told and in force: one moment."""


@fulfils("2017-8.b")
def clock_of(tx: sa.Connection, sanction: Sanction) -> Clock:
    """Raises NoSuchDecision."""
    cause = decisions.get(tx, sanction.rests_on).decision
    ref, decided = cause.target.ref, cause.decided_at
    noticed = (
        first_report_on(tx, ref, before=decided),
        first_opened_on(tx, CommentRef.parse(ref), before=decided),
    )
    found = min((one for one in noticed if one is not None), default=decided)
    return Clock(found_at=found, decided_at=decided, felt_at=sanction.starts_at)
