"""Agreements that have changed since somebody accepted them."""

from datetime import datetime, timedelta

import msgspec
import sqlalchemy as sa

from gentie.accounts.model import PosterFacts
from gentie.accounts.queries import head_in_force
from gentie.accounts.rules import has_changed_for
from gentie.catalogue.regimes import Regime, get_regime


class Renewed(msgspec.Struct, frozen=True, kw_only=True):
    """One that is asked for anew."""

    regime: Regime
    until: datetime
    """Until then it is enough to have accepted the version before."""


def find_renewed(tx: sa.Connection, poster: PosterFacts, *, now: datetime) -> list[Renewed]:
    """What is in force now and was accepted only in an earlier version, by the regime's id."""
    heads = [head_in_force(tx, one, now) for one in sorted({one.regime for one in poster.accepted})]
    return [
        Renewed(regime=regime, until=head.in_force_from + _grace(regime))
        for head in heads
        if has_changed_for(poster, head)
        for regime in (get_regime(head.regime),)
    ]


def _grace(regime: Regime) -> timedelta:
    return timedelta(days=regime.windows.agreement_grace_days)
