"""How a decision is taken back, whoever asks for it: the part that acts of reversing share."""

from datetime import datetime, timedelta

import msgspec
import sqlalchemy as sa

from gentie.actions.deciding import Deciding, record
from gentie.actions.moderation.lifting import lift, lift_resting_on
from gentie.actions.place import Place, comment_changed, count_public, place_of
from gentie.comments import rules as life
from gentie.comments import store as comments
from gentie.comments.model import Comment, Event, Revision, RevisionState, WrongState
from gentie.decisions import rules
from gentie.decisions.model import ON_ACCOUNT, Kept, Measure, Source
from gentie.kernel.actor import Actor
from gentie.kernel.ids import CommentId, CommentRef, DecisionId, ThreadId
from gentie.review import store as review

_EVENTS = {
    Measure.PUBLISH: (Measure.RECALL, Event.RECALL),
    Measure.REFUSE: (Measure.RESTORE, Event.RESTORE),
    Measure.REMOVE: (Measure.RESTORE, Event.RESTORE),
}


class Reversed(msgspec.Struct, frozen=True, kw_only=True):
    decision: DecisionId
    measure: Measure


def reverse(
    tx: sa.Connection, kept: Kept, *, source: Source, acting: Actor, now: datetime
) -> Reversed:
    """Reverse a decision that may be reversed, with record, leaf and notice.

    What follows from it falls with it: a measure on the account that rests on a removal is
    lifted when the removal is.

    Raises:
        AlreadyReversed, WrongState: nothing was changed.
    """
    rules.require_reversible(kept)
    if kept.decision.measure in ON_ACCOUNT:
        lifted = lift(tx, kept, source=source, acting=acting, now=now)
        return Reversed(decision=lifted.decision.id, measure=lifted.decision.measure)
    if kept.decision.measure not in _EVENTS:
        raise WrongState
    target = kept.decision.target
    comment = comments.get(tx, CommentRef(ThreadId(target.thread), CommentId(target.comment)))
    place = place_of(tx, comment.thread, now=now)
    measure, event = _EVENTS[kept.decision.measure]
    life.after(comment.state, event)
    revision = comments.get_revision(tx, comment, target.revision)
    deciding = Deciding(
        measure=measure,
        place=place,
        comment=comment,
        revision=revision,
        source=source,
        agreement=place.regime.policy,
        role=acting.role,
        reverses=kept,
    )
    made = record(tx, deciding, acting=acting, now=now)
    _put_back(tx, comment, revision, event, place, made=made, now=now)
    lift_resting_on(tx, kept, source=source, acting=acting, now=now)
    comment_changed(tx, place.thread, comment, urgent=True, now=now)
    return Reversed(decision=made.decision.id, measure=measure)


def _put_back(
    tx: sa.Connection,
    comment: Comment,
    revision: Revision,
    event: Event,
    place: Place,
    *,
    made: Kept,
    now: datetime,
) -> None:
    if event is Event.RESTORE:
        comments.show(tx, comment, revision, decision=made.decision.id, now=now)
        count_public(tx, comment, 1, now=now)
        return
    comments.set_revision_state(tx, comment, revision.number, RevisionState.HELD)
    comments.hide(tx, comment, life.after(comment.state, event), decision=made.decision.id, now=now)
    count_public(tx, comment, -1, now=now)
    review.open_item(
        tx,
        site=comment.site,
        thread=comment.thread,
        comment=comment.id,
        revision=revision.number,
        due_at=now + timedelta(seconds=place.regime.windows.review_seconds),
        now=now,
    )
