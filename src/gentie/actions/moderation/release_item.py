"""Give back what was claimed."""

from datetime import datetime

import sqlalchemy as sa

from gentie.kernel.actor import Actor
from gentie.review import rules, store
from gentie.review.model import NotYourItem


def release_item(tx: sa.Connection, item_id: str, *, acting: Actor, now: datetime) -> None:
    """Give an item back to the queue.

    Raises:
        MayNot, NoSuchItem, ItemTaken, ItemDecided, NotYourItem: nothing was changed.
    """
    item = store.get(tx, item_id)
    acting.require("review:claim", site=item.site)
    rules.require_claimable(item, acting.id, now=now)
    if not item.held_by(acting.id, now):
        raise NotYourItem
    store.release(tx, item)
