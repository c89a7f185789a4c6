"""How a site comes under a regime: the part that opening and changing share."""

from datetime import datetime

import sqlalchemy as sa

from gentie import ledger
from gentie.catalogue.regimes import Regime, get_regime
from gentie.kernel.actor import Actor
from gentie.kernel.clock import hour_of
from gentie.kernel.ids import SiteId
from gentie.sites import store
from gentie.sites.model import NoSuchRegime


def regime_named(regime_id: str) -> Regime:
    """Raises NoSuchRegime."""
    try:
        return get_regime(regime_id)
    except KeyError as error:
        raise NoSuchRegime(regime=regime_id) from error


def adopt(tx: sa.Connection, site: SiteId, regime: Regime, *, acting: Actor, now: datetime) -> None:
    """Put a site under a regime from now on, with the date and a leaf."""
    store.set_regime(tx, site, regime.id, regime.policy, by=acting.id, now=now)
    leaf = ledger.Leaf(
        kind="policy", hour=hour_of(now), site=site, measure="adopt", policy=regime.policy
    )
    ledger.append(tx, leaf, now=now)
