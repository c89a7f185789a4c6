"""The SQL of the queue that writes or locks."""

from datetime import datetime
from typing import Any

import msgspec
import sqlalchemy as sa

from gentie.kernel.chance import new_id
from gentie.kernel.ids import ActorId, CommentId, CommentRef, SiteId, ThreadId
from gentie.review.model import Item, ItemState, NoSuchItem, PlannedRefusal
from gentie.review.rows import item_of
from gentie.review.tables import items

_ADD = items.insert()
_GET = sa.select(items).where(items.c.id == sa.bindparam("item")).with_for_update()
_WAITING_ON = (
    sa.select(items)
    .where(
        items.c.thread == sa.bindparam("thread"),
        items.c.comment == sa.bindparam("comment"),
        items.c.state.in_(["open", "claimed", "refusing"]),
    )
    .order_by(items.c.id.desc())
    .limit(1)
    .with_for_update()
)
_CHANGE = items.update().where(items.c.id == sa.bindparam("b_id"))


def open_item(
    tx: sa.Connection,
    *,
    site: SiteId,
    thread: ThreadId,
    comment: CommentId,
    revision: int,
    due_at: datetime,
    now: datetime,
) -> str:
    """Put a revision in the queue. Returns the item's id."""
    item = new_id()
    row = {
        "id": item,
        "site_id": site,
        "thread": thread,
        "comment": comment,
        "revision": revision,
        "state": ItemState.OPEN.value,
        "opened_at": now,
        "due_at": due_at,
        "version": 1,
        "decided_role": "",
        "decided_measure": "",
    }
    tx.execute(_ADD, row)
    return item


def get(tx: sa.Connection, item: str) -> Item:
    """Load one item and lock it. Raises NoSuchItem."""
    row = tx.execute(_GET, {"item": item}).one_or_none()
    if row is None:
        raise NoSuchItem
    return item_of(row)


def find_waiting_on(tx: sa.Connection, ref: CommentRef) -> Item | None:
    """The undecided item of a contribution, locked."""
    key = {"thread": ref.thread, "comment": ref.comment}
    row = tx.execute(_WAITING_ON, key).one_or_none()
    return None if row is None else item_of(row)


def claim(tx: sa.Connection, item: Item, moderator: ActorId, *, until: datetime) -> int:
    """Lease an item. Renewing one's own lease keeps the version. Returns the version."""
    version = item.version + (item.claimed_by != moderator)
    _change(
        tx,
        item,
        state=ItemState.CLAIMED.value,
        claimed_by=moderator,
        lease_until=until,
        version=version,
    )
    return version


def release(tx: sa.Connection, item: Item) -> None:
    _change(tx, item, state=ItemState.OPEN.value, claimed_by=None, lease_until=None)


def plan(tx: sa.Connection, item: Item, planned: PlannedRefusal) -> None:
    _change(
        tx,
        item,
        state=ItemState.REFUSING.value,
        planned=msgspec.json.encode(planned),
        decided_role=planned.role,
        decided_measure="refuse",
        version=item.version + 1,
    )


def unplan(tx: sa.Connection, item: Item, moderator: ActorId, *, until: datetime) -> int:
    """Take a planned refusal back: the moderator holds the item again. Returns the version."""
    _change(
        tx,
        item,
        state=ItemState.CLAIMED.value,
        planned=None,
        decided_role="",
        decided_measure="",
        claimed_by=moderator,
        lease_until=until,
        version=item.version + 1,
    )
    return item.version + 1


def close(
    tx: sa.Connection, item: Item, state: ItemState, *, role: str, measure: str, now: datetime
) -> None:
    _change(
        tx,
        item,
        state=state.value,
        planned=None,
        lease_until=None,
        decided_role=role,
        decided_measure=measure,
        decided_at=now,
        version=item.version + 1,
    )


def _change(tx: sa.Connection, item: Item, **values: Any) -> None:
    tx.execute(_CHANGE, {"b_id": item.id, **values})
