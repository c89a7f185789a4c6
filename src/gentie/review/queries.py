"""Reading the queue: oldest first, never by topic or author."""

import statistics
from datetime import datetime
from typing import Any

import msgspec
import sqlalchemy as sa

from gentie.kernel.ids import CommentRef, SiteId
from gentie.review.model import Item, NoSuchItem
from gentie.review.rows import item_of
from gentie.review.tables import items
from gentie.storage.schema import Id

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
_FIRST_ON = sa.select(sa.func.min(items.c.opened_at)).where(
    items.c.thread == sa.bindparam("thread", type_=Id),
    items.c.comment == sa.bindparam("comment", type_=Id),
    items.c.opened_at <= sa.bindparam("before"),
)
_LOAD = sa.select(sa.func.count().label("waiting"), sa.func.min(items.c.opened_at).label("oldest"))
_LOAD = _LOAD.where(_WAITS, _HERE)
_RECENT = (
    sa.select(items.c.opened_at, items.c.decided_at)
    .where(
        items.c.site_id == sa.bindparam("site"),
        items.c.state == "decided",
        items.c.decided_at >= sa.bindparam("since"),
    )
    .order_by(items.c.decided_at.desc())
    .limit(sa.bindparam("most", type_=sa.Integer))
)
RECENT, FEWEST = 50, 5
"""How many of the last reviews are counted, and of how many at least something can be said."""


class Wait(msgspec.Struct, frozen=True, kw_only=True):
    """How long the last reviews took, from submission to decision."""

    median_seconds: int
    count: int
    """How many were counted."""


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


def first_opened_on(tx: sa.Connection, ref: CommentRef, *, before: datetime) -> datetime | None:
    """When a contribution was first put before a person, up to then. None: it never was."""
    facts = {"thread": ref.thread, "comment": ref.comment, "before": before}
    found: datetime | None = tx.scalar(_FIRST_ON, facts)
    return found


def load(tx: sa.Connection, site: SiteId | None) -> Load:
    row = tx.execute(_LOAD, {"site": site}).one()
    return Load(waiting=row.waiting, oldest=row.oldest)


def find_wait(tx: sa.Connection, site: SiteId, *, since: datetime) -> Wait | None:
    """Of a site's last reviews. None: there are too few to say anything."""
    given = {"site": site, "since": since, "most": RECENT}
    rows: list[Any] = list(tx.execute(_RECENT, given))
    if len(rows) < FEWEST:
        return None
    median = statistics.median((row.decided_at - row.opened_at).total_seconds() for row in rows)
    return Wait(median_seconds=round(median), count=len(rows))
