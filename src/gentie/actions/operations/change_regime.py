"""Put a site under another regime."""

from datetime import datetime

import sqlalchemy as sa

from gentie.actions.operations.adopting import adopt, regime_named
from gentie.actions.place import site_changed
from gentie.catalogue import fulfils
from gentie.kernel.actor import Actor
from gentie.kernel.ids import SiteId
from gentie.sites import queries, rules


@fulfils("2017-2.1")
def change_regime(
    tx: sa.Connection, site: SiteId, regime_id: str, *, acting: Actor, now: datetime
) -> None:
    """Put a site under another regime from now on. What stands keeps the stamp of its time.

    Raises:
        MayNot, NoSuchSite, NoSuchRegime, RegimeNotAllowed: nothing was changed.
    """
    acting.require("site:manage", site=site)
    found, regime = queries.get_site(tx, site), regime_named(regime_id)
    rules.require_allowed(regime, test=found.test, now=now)
    adopt(tx, site, regime, acting=acting, now=now)
    site_changed(tx, site, due=now)
