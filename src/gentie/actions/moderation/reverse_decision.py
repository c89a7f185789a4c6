"""Reverse a decision: undo a publication, a refusal or a removal. Always logged, always told."""

from datetime import datetime

import sqlalchemy as sa

from gentie.actions.moderation.reversing import Reversed, reverse
from gentie.catalogue import fulfils
from gentie.decisions import store
from gentie.decisions.model import Source
from gentie.kernel.actor import Actor
from gentie.kernel.ids import DecisionId


@fulfils("2017-7.1a", "2017-8.c")
def reverse_decision(
    tx: sa.Connection, decision: DecisionId, *, source: Source, acting: Actor, now: datetime
) -> Reversed:
    """Undo one's own decision, or with `review:reverse` anybody's.

    Raises:
        MayNot, NoSuchDecision, AlreadyReversed, WrongState: nothing was changed.
    """
    kept = store.get(tx, decision)
    acting.require("review:decide", site=kept.decision.target.site)
    if kept.decided_by != acting.id:
        acting.require("review:reverse", site=kept.decision.target.site)
    return reverse(tx, kept, source=source, acting=acting, now=now)
