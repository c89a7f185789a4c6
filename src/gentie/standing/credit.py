"""Credit: what the decisions on what an account wrote leave it, by the formula of its regime.

Pure. Nothing is stored but events, and no event is ever changed: what is overturned is answered
by another event. The figure is worked out anew whenever somebody asks.
"""

import math
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from gentie.catalogue import fulfils
from gentie.catalogue.regimes import FULL_CREDIT, Credit, CreditTier, Tier
from gentie.kernel.ids import SiteId
from gentie.standing.model import (
    Capability,
    CreditEvent,
    CreditKind,
    CreditTooLow,
)

DAY: Final = timedelta(days=1)
LOST: Final = frozenset({CreditKind.REFUSED, CreditKind.REMOVED})


@fulfils("2017-9.1a", "2022-8.a")
def score(events: Iterable[CreditEvent], credit: Credit, *, now: datetime) -> int:
    """Points from the floor to 100. Without a new event they never fall."""
    balance = sum(weight(one, credit, now=now) for one in counted(events, now=now))
    return max(credit.floor, min(FULL_CREDIT, round(FULL_CREDIT + balance)))


def counted(events: Iterable[CreditEvent], *, now: datetime) -> list[CreditEvent]:
    """Those that count: what was overturned does not, nor does what overturned it."""
    known = [one for one in events if one.at <= now]
    repaired = {one.decision for one in known if one.kind is CreditKind.REPAIRED}
    return [
        one
        for one in known
        if one.kind is CreditKind.LESSON or (one.kind in LOST and one.decision not in repaired)
    ]


def weight(event: CreditEvent, credit: Credit, *, now: datetime) -> float:
    """What is left of an event: half of it after each half-life."""
    age = max(now - event.at, timedelta())
    left: float = event.points * 0.5 ** (age / (credit.half_life_days * DAY))
    return left


@fulfils("2017-9.1b", "2022-8.b")
def tier_of(points: int, credit: Credit) -> CreditTier:
    """The best tier whose least the points reach."""
    return next((one for one in credit.tiers if points >= one.least), credit.tiers[-1])


def better_from(events: Iterable[CreditEvent], credit: Credit, *, now: datetime) -> datetime | None:
    """When the next better tier is reached if nothing more happens. None: this is the best."""
    known = list(events)
    here = credit.tiers.index(tier_of(score(known, credit, now=now), credit))
    if here == 0:
        return None
    missing = sum(weight(one, credit, now=now) for one in counted(known, now=now))
    bearable = max(FULL_CREDIT - credit.tiers[here - 1].least, 0.5)
    halvings = math.log2(-missing / bearable)
    return now + max(halvings, 0.0) * credit.half_life_days * DAY + timedelta(minutes=1)


def points_for(tier: str, credit: Credit) -> int:
    """What a decision costs, as the negative number that its event keeps."""
    return -credit.cost(Tier(tier))


def require_credit(
    tier: CreditTier, needs: Iterable[Capability], site: SiteId, *, better: datetime | None
) -> None:
    """Let nobody do what their tier takes.

    Raises:
        CreditTooLow: with the day on which it is better, and the page that shows every event.
    """
    if taken := sorted(set(needs) & capabilities_taken(tier)):
        raise CreditTooLow(
            tier=tier.id,
            taken=taken[0].value,
            until=better,
            path=f"/account/credit#{site}",
        )


def capabilities_taken(tier: CreditTier) -> frozenset[Capability]:
    return frozenset(Capability(word) for word in tier.takes)


def lesson_is_due(events: Iterable[CreditEvent], credit: Credit, *, now: datetime) -> bool:
    """A lesson gives something back so often, and only where something is missing."""
    known = list(events)
    if score(known, credit, now=now) >= FULL_CREDIT:
        return False
    last = max((one.at for one in known if one.kind is CreditKind.LESSON), default=None)
    return last is None or now >= last + credit.lesson_days * DAY
