"""Rows of the queue as model values."""

from typing import Any

import msgspec
import sqlalchemy as sa

from gentie.kernel.ids import ActorId, CommentId, SiteId, ThreadId
from gentie.review.model import Item, ItemState, PlannedRefusal

_planned = msgspec.json.Decoder(PlannedRefusal)


def item_of(row: sa.Row[Any]) -> Item:
    return Item(
        id=row.id,
        site=SiteId(row.site_id),
        thread=ThreadId(row.thread),
        comment=CommentId(row.comment),
        revision=row.revision,
        state=ItemState(row.state),
        opened_at=row.opened_at,
        due_at=row.due_at,
        claimed_by=None if row.claimed_by is None else ActorId(row.claimed_by),
        lease_until=row.lease_until,
        version=row.version,
        planned=None if row.planned is None else _planned.decode(row.planned),
        decided_role=row.decided_role,
        decided_measure=row.decided_measure,
    )
