"""Give a site's server another token."""

from datetime import datetime

import sqlalchemy as sa

from gentie.kernel.actor import Actor
from gentie.kernel.chance import digest_of, new_secret
from gentie.kernel.ids import SiteId
from gentie.sites import store


def renew_site_token(tx: sa.Connection, site: SiteId, *, acting: Actor, now: datetime) -> str:
    """The old one is of no more use from now on. Returns the new one, shown only now.

    Raises:
        MayNot, NoSuchSite: nothing was changed.
    """
    acting.require("site:manage", site=site)
    store.lock_site(tx, site)
    token = new_secret()
    store.set_token(tx, site, digest_of(token))
    return token
