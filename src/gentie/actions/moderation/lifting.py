"""How a measure on an account is taken back: the part that all ways of reversing share."""

from datetime import datetime

import sqlalchemy as sa

from gentie.actions.deciding import Deciding, record
from gentie.actions.place import place_of
from gentie.catalogue import fulfils
from gentie.comments import store as comments
from gentie.decisions import store as decisions
from gentie.decisions.model import Kept, Measure, Source
from gentie.kernel.actor import Actor
from gentie.kernel.ids import CommentId, CommentRef, ThreadId
from gentie.standing import queries, store
from gentie.standing.model import HOLD_TOPIC
from gentie.storage.outbox import send_on_commit


@fulfils("2017-8.a", "2022-7.b")
def lift(tx: sa.Connection, kept: Kept, *, source: Source, acting: Actor, now: datetime) -> Kept:
    """Take a measure back, with record, leaf and notice: what it took is there again at once.

    Raises:
        AlreadyReversed: nothing was changed.
    """
    target = kept.decision.target
    comment = comments.get(tx, CommentRef(ThreadId(target.thread), CommentId(target.comment)))
    place = place_of(tx, comment.thread, now=now)
    lifting = Deciding(
        measure=Measure.LIFT,
        place=place,
        comment=comment,
        revision=comments.get_revision(tx, comment, target.revision),
        source=source,
        agreement=place.regime.policy,
        role=acting.role,
        reverses=kept,
    )
    made = record(tx, lifting, acting=acting, now=now)
    barred = store.find_bar(tx, kept.decision.id)
    store.lift(tx, target.author, kept.decision.id, now=now)
    if barred is not None:
        send_on_commit(tx, HOLD_TOPIC, {"person": barred.person}, due=now)
    return made


def lift_resting_on(
    tx: sa.Connection, fallen: Kept, *, source: Source, acting: Actor, now: datetime
) -> None:
    """Lift every measure that follows from a decision which has just been reversed."""
    decision = fallen.decision
    resting = queries.resting_on(tx, decision.target.author, decision.id)
    for measure in sorted({one.decision for one in resting if one.lifted_at is None}):
        kept = decisions.get(tx, measure)
        if kept.reversed_by is None:
            lift(tx, kept, source=source, acting=acting, now=now)
