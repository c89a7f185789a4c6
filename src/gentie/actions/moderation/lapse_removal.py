"""End the removal of a lone staff member whose term is over."""

from datetime import datetime

import sqlalchemy as sa

from gentie.actions.moderation.reversing import Reversed, reverse
from gentie.decisions import store
from gentie.decisions.model import Source
from gentie.kernel.actor import SERVICE, Actor
from gentie.kernel.ids import DecisionId


def lapse_removal(
    tx: sa.Connection, decision: DecisionId, *, acting: Actor, now: datetime
) -> Reversed | None:
    """End a lone staff member's removal whose term is over, unless somebody has confirmed it.

    Raises:
        MayNot, NoSuchDecision: nothing was changed.
    """
    acting.require("job:run")
    kept = store.get(tx, decision)
    due = kept.decision.confirm_before
    if due is None or now < due or kept.reversed_by is not None:
        return None
    if store.is_confirmed(tx, decision):
        return None
    return reverse(tx, kept, source=Source.OWN, acting=SERVICE, now=now)
