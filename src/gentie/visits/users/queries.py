"""Reading keys of sites' servers, and introductions."""

from datetime import datetime

import msgspec
import sqlalchemy as sa

from gentie.kernel.chance import digest_of
from gentie.kernel.ids import SiteId
from gentie.visits.model import CodeInvalid, Introduced, SiteKey, Way
from gentie.visits.tables import introductions, site_keys, site_users

_KEYS = (
    sa.select(site_keys.c.kid, site_keys.c.alg, site_keys.c.key)
    .where(site_keys.c.site_id == sa.bindparam("site"))
    .order_by(site_keys.c.kid)
)
_INTRODUCED = (
    sa.select(
        introductions.c.site,
        introductions.c.origin,
        introductions.c.name,
        introductions.c.ends_at,
        site_users.c.account_id.label("account"),
    )
    .select_from(
        introductions.outerjoin(
            site_users,
            sa.and_(
                site_users.c.site == introductions.c.site, site_users.c.mark == introductions.c.mark
            ),
        )
    )
    .where(
        introductions.c.site == sa.bindparam("site"),
        introductions.c.handle == sa.bindparam("handle"),
    )
)


def keys_of(tx: sa.Connection, site: SiteId) -> dict[str, SiteKey]:
    """By key id. Shared secrets are locked."""
    rows = tx.execute(_KEYS, {"site": site})
    return {row.kid: msgspec.convert(row, SiteKey, from_attributes=True) for row in rows}


def introduced(tx: sa.Connection, handle: str, way: Way, *, now: datetime) -> Introduced:
    """Who is introduced to the window. Raises CodeInvalid."""
    row = tx.execute(_INTRODUCED, {"site": way.site, "handle": digest_of(handle)}).one_or_none()
    if row is None or row.ends_at <= now or row.origin != way.origin:
        raise CodeInvalid
    return Introduced(name=row.name, account=row.account)
