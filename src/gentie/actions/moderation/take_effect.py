"""Let a planned refusal take effect when its time to undo is over."""

from datetime import datetime

import sqlalchemy as sa

from gentie.actions.moderation.decide_item import refuse_planned
from gentie.kernel.actor import Actor
from gentie.kernel.ids import DecisionId
from gentie.review import rules, store


def take_effect(
    tx: sa.Connection, item_id: str, *, acting: Actor, now: datetime
) -> DecisionId | None:
    """Refuse what was planned. None: it was undone, has taken effect before, or is not due yet.

    Raises:
        MayNot, NoSuchItem: nothing was changed.
    """
    acting.require("job:run")
    item = store.get(tx, item_id)
    if not rules.due_to_take_effect(item, now=now) or item.planned is None:
        return None
    return refuse_planned(tx, item, item.planned, acting=acting, now=now)
