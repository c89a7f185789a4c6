"""Leave a site that one took part on."""

from datetime import datetime

import sqlalchemy as sa

from gentie.kernel.actor import Actor
from gentie.kernel.ids import SiteId
from gentie.visits import store
from gentie.visits.users import store as users


def disconnect_site(tx: sa.Connection, site: SiteId, *, acting: Actor, now: datetime) -> int:
    """End every visit there at once, and be asked before the next. Returns how many were open."""
    acting.require("account:self")
    store.disconnect(tx, acting.account, site)
    users.untie(tx, acting.account, site)
    return store.end_at(tx, acting.account, site, now=now)
