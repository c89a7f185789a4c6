"""Reading the queue: oldest first, never by topic or author."""

from datetime import datetime
from typing import Any

import msgspec
import sqlalchemy as sa

from gentie.kernel.ids import CommentRef, SiteId
from gentie.review.model import Item, NoSuchItem
from gentie.review.rows import item_of
from gentie.review.tables import items

_WAITS = items.c.state.in_(["open", "claimed"])
_HERE = sa.or_(
    sa.bindparam("site", type_=sa.Text).is_(None), items.c.site_id == sa.bindparam("site")
)
_QUEUE = (
    sa.select(items)
    .where(_WAITS, _HERE)
    .order_by(items.c.opened_at, items.c.id)
    .limit(sa.bindparam("most", type_=sa.Integer))
)
_GET = sa.select(items).where(items.c.id == sa.bindparam("item"))
_ON = (
    sa.select(items)
    .where(items.c.thread == sa.bindparam("thread"), items.c.comment == sa.bindparam("comment"))
    .order_by(items.c.id.desc())
    .limit(1)
)
_LOAD = sa.select(sa.func.count().label("waiting"), sa.func.min(items.c.opened_at).label("oldest"))
_LOAD = _LOAD.where(_WAITS, _HERE)
_RECENT = (
    sa.select(items.c.opened_at, items.c.decided_at)
    .where(items.c.state == "decided", items.c.decided_at >= sa.bindparam("since"), _HERE)
    .order_by(items.c.decided_at.desc())
    .limit(500)
)


class Load(msgspec.Struct, frozen=True, kw_only=True):
    waiting: int
    oldest: datetime | None
    """When the item that waits longest came in."""


def queue(tx: sa.Connection, site: SiteId | None, *, most: int = 50) -> list[Item]:
    """What waits, oldest first. `site` None: of all sites."""
    return [item_of(row) for row in tx.execute(_QUEUE, {"site": site, "most": most})]


def get(tx: sa.Connection, item: str) -> Item:
    """Raises NoSuchItem."""
    row = tx.execute(_GET, {"item": item}).one_or_none()
    if row is None:
        raise NoSuchItem
    return item_of(row)


def find_on(tx: sa.Connection, ref: CommentRef) -> Item | None:
    """The newest item about a contribution."""
    row = tx.execute(_ON, {"thread": ref.thread, "comment": ref.comment}).one_or_none()
    return None if row is None else item_of(row)


def load(tx: sa.Connection, site: SiteId | None) -> Load:
    row = tx.execute(_LOAD, {"site": site}).one()
    return Load(waiting=row.waiting, oldest=row.oldest)


def median_wait_seconds(tx: sa.Connection, site: SiteId | None, since: datetime) -> int | None:
    """Median time from submission to decision since a moment. None: nothing was decided."""
    rows: list[Any] = list(tx.execute(_RECENT, {"site": site, "since": since}))
    waits = sorted((row.decided_at - row.opened_at).total_seconds() for row in rows)
    return round(waits[len(waits) // 2]) if waits else None
