"""Take a refusal back while it waits to take effect."""

from datetime import datetime

import sqlalchemy as sa

from gentie.actions.moderation.claim_item import Claimed
from gentie.kernel.actor import Actor
from gentie.review import rules, store


def undo_refusal(tx: sa.Connection, item_id: str, *, acting: Actor, now: datetime) -> Claimed:
    """Take a planned refusal back before it takes effect. Nobody outside ever hears of it.

    Raises:
        MayNot, NoSuchItem, TooLateToUndo, ItemTaken: nothing was changed.
    """
    item = store.get(tx, item_id)
    acting.require("review:decide", site=item.site)
    rules.require_undoable(item, acting.id, now=now)
    until = now + rules.LEASE
    return Claimed(version=store.unplan(tx, item, acting.id, until=until), lease_until=until)
