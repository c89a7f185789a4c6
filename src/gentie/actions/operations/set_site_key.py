"""Change the keys with which a site's server signs for its users."""

from datetime import datetime

import sqlalchemy as sa

from gentie.kernel.actor import Actor
from gentie.kernel.ids import SiteId
from gentie.sites import queries as sites
from gentie.visits.model import SiteKey
from gentie.visits.users import store as users


def set_site_key(
    tx: sa.Connection,
    site: SiteId,
    kid: str,
    *,
    key: SiteKey | None,
    acting: Actor,
    now: datetime,
) -> bool:
    """Put a key in the place of the one before. None: drop it. False: there was none to drop.

    Raises:
        MayNot, NoSuchSite: nothing was changed.
    """
    acting.require("site:manage", site=site)
    sites.get_site(tx, site)
    gone = users.drop_key(tx, site, kid)
    if key is not None:
        users.add_key(tx, site, key, now=now)
    return gone or key is not None
