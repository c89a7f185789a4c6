"""Change from which origins a site may be embedded."""

from datetime import datetime

import sqlalchemy as sa

from gentie.actions.place import site_changed
from gentie.kernel.actor import Actor
from gentie.kernel.ids import SiteId
from gentie.sites import rules, store


def list_origin(
    tx: sa.Connection, site: SiteId, origin: str, *, listed: bool, acting: Actor, now: datetime
) -> tuple[str, ...]:
    """Put an origin on the site's list, or take it off. Returns the list as it is then.

    Each use of a visit asks the list again, so what is taken off ends at once.

    Raises:
        MayNot, NoSuchSite, BadOrigin: nothing was changed.
    """
    acting.require("site:manage", site=site)
    if listed:
        rules.require_origin(origin)
    found = store.lock_site(tx, site)
    others = tuple(one for one in found.origins if one != origin)
    origins = (*others, origin) if listed else others
    store.set_origins(tx, site, origins)
    site_changed(tx, site, due=now)
    return origins
