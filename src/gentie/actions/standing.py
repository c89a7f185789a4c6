"""The gate of standing: nothing that was done to an account stands in the way of what it wants."""

from collections.abc import Iterable
from datetime import datetime, timedelta

import msgspec
import sqlalchemy as sa

from gentie.accounts.minors.queries import is_minor
from gentie.accounts.model import PosterFacts
from gentie.actions.place import Place
from gentie.catalogue import fulfils
from gentie.catalogue.regimes import CreditTier, Regime
from gentie.kernel.ids import SiteId
from gentie.screening.rates import count
from gentie.standing import queries as standing
from gentie.standing.credit import (
    better_from,
    capabilities_taken,
    require_credit,
    score,
    tier_of,
)
from gentie.standing.model import Capability
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
    needed = frozenset(needs)
    kept = pass_standing_on(tx, place.site.id, place.regime, poster, needs=needed, now=now)
    if Capability.POST in needed:
        _keep_pace(tx, place, poster, kept.tier, now=now)
    return kept.capabilities


class Left(msgspec.Struct, frozen=True, kw_only=True):
    """What an account is left on a site."""

    capabilities: frozenset[Capability]
    tier: CreditTier | None
    """Of its credit. None: nobody is assessed here, or nothing has happened."""


@fulfils("2017-8.a", "2022-7.b")
def pass_standing_on(
    tx: sa.Connection,
    site: SiteId,
    regime: Regime,
    poster: PosterFacts,
    *,
    needs: Iterable[Capability],
    now: datetime,
) -> Left:
    """The same for a site, where nothing is posted yet and so no pace is counted.

    Raises:
        MeasureInForce, Barred, CreditTooLow.
    """
    if poster.verification is not None:
        require_not_barred(standing.bars_of(tx, poster.verification.person), now=now)
    sanctions = standing.sanctions_of(tx, poster.account)
    needed = frozenset(needs)
    for capability in sorted(needed):
        require_capability(sanctions, capability, site, now=now)
    tier = _pass_credit(tx, site, regime, poster, needs=needed, now=now)
    taken = capabilities_taken(tier) if tier else frozenset[Capability]()
    return Left(capabilities=left(sanctions, site, now=now) - taken, tier=tier)


@fulfils("2017-9.1b", "2022-8.b")
def _pass_credit(
    tx: sa.Connection,
    site: SiteId,
    regime: Regime,
    poster: PosterFacts,
    *,
    needs: frozenset[Capability],
    now: datetime,
) -> CreditTier | None:
    """The tier of somebody's credit, where what it takes does not stand in the way.

    Whoever is known as a minor by now is let be.
    """
    credit = regime.credit
    events = standing.credit_events_of(tx, poster.account, site) if credit else []
    if credit is None or not events or is_minor(tx, poster.account):
        return None
    tier = tier_of(score(events, credit, now=now), credit)
    require_credit(tier, needs, site, better=better_from(events, credit, now=now))
    return tier


def _keep_pace(
    tx: sa.Connection, place: Place, poster: PosterFacts, tier: CreditTier | None, *, now: datetime
) -> None:
    """Counted in the act: only what was accepted counts, and a refusal is no try.

    Raises:
        TooMany: with when to try again.
    """
    if tier is not None and tier.posts_per_hour:
        key = f"credit:{place.site.id}:{poster.account}"
        count(tx, key, window=timedelta(hours=1), limit=tier.posts_per_hour, now=now)
