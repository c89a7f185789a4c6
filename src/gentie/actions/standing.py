"""The gate of standing: nothing that was done to an account stands in the way of what it wants."""

from collections.abc import Iterable
from datetime import datetime, timedelta

import sqlalchemy as sa

from gentie.accounts.minors.queries import is_minor
from gentie.accounts.model import PosterFacts
from gentie.actions.place import Place
from gentie.catalogue import fulfils
from gentie.screening.rates import count
from gentie.standing import queries as standing
from gentie.standing.credit import (
    better_from,
    capabilities_taken,
    require_credit,
    score,
    tier_of,
)
from gentie.standing.model import Capability, CreditEvent
from gentie.standing.rules import left, require_capability, require_not_barred


@fulfils("2017-8.a", "2022-7.b")
def pass_standing(
    tx: sa.Connection,
    place: Place,
    poster: PosterFacts,
    *,
    needs: Iterable[Capability],
    now: datetime,
) -> frozenset[Capability]:
    """Nothing that was done to the account stands in the way here. Returns what it is left.

    Raises:
        MeasureInForce, Barred: with the reasons and the way to appeal.
        CreditTooLow, TooMany: with the page that shows every event, and when it is better.
    """
    if poster.verification is not None:
        require_not_barred(standing.bars_of(tx, poster.verification.person), now=now)
    sanctions = standing.sanctions_of(tx, poster.account)
    needed = frozenset(needs)
    for capability in sorted(needed):
        require_capability(sanctions, capability, place.site.id, now=now)
    taken = _pass_credit(tx, place, poster, needs=needed, now=now)
    return left(sanctions, place.site.id, now=now) - taken


@fulfils("2017-9.1b", "2022-8.b")
def may_send_media(tx: sa.Connection, place: Place, poster: PosterFacts, *, now: datetime) -> bool:
    """Whether neither a measure nor credit takes pictures, sound and video from somebody here."""
    credit, events = place.regime.credit, _counting(tx, place, poster)
    tier = tier_of(score(events, credit, now=now), credit) if credit else None
    taken = capabilities_taken(tier) if tier else frozenset()
    sanctions = standing.sanctions_of(tx, poster.account)
    return Capability.MEDIA in left(sanctions, place.site.id, now=now) - taken


@fulfils("2017-9.1b", "2022-8.b")
def _pass_credit(
    tx: sa.Connection,
    place: Place,
    poster: PosterFacts,
    *,
    needs: frozenset[Capability],
    now: datetime,
) -> frozenset[Capability]:
    """What the tier of somebody's credit takes. Returns it, where it does not stand in the way.

    The pace is counted in the act: only what was accepted counts, and a refusal is no try.
    """
    credit, events = place.regime.credit, _counting(tx, place, poster)
    if credit is None or not events:
        return frozenset()
    tier = tier_of(score(events, credit, now=now), credit)
    better = better_from(events, credit, now=now)
    require_credit(tier, needs, place.site.id, better=better)
    if tier.posts_per_hour and Capability.POST in needs:
        key = f"credit:{place.site.id}:{poster.account}"
        count(tx, key, window=timedelta(hours=1), limit=tier.posts_per_hour, now=now)
    return capabilities_taken(tier)


def _counting(tx: sa.Connection, place: Place, poster: PosterFacts) -> list[CreditEvent]:
    """The events behind somebody's tier here. Whoever is known as a minor by now is let be."""
    if place.regime.credit is None:
        return []
    events = standing.credit_events_of(tx, poster.account, place.site.id)
    return [] if events and is_minor(tx, poster.account) else events
