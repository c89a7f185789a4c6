"""Remove what is public. A tombstone stands in its place."""

from datetime import datetime

import msgspec
import sqlalchemy as sa

from gentie.actions.deciding import Deciding, record_removal
from gentie.actions.moderation.imposing import others_than
from gentie.actions.place import comment_changed, count_public, place_of
from gentie.catalogue import fulfils
from gentie.comments import rules as life
from gentie.comments import store as comments
from gentie.comments.model import Comment, Event, RevisionState, State
from gentie.decisions import rules
from gentie.decisions.model import Kept, Measure, Source
from gentie.kernel.actor import Actor
from gentie.kernel.ids import CommentRef, DecisionId
from gentie.review import store as review
from gentie.review.model import ItemState
from gentie.storage.outbox import send_on_commit

LAPSE = "decision.lapse"


class Removed(msgspec.Struct, frozen=True, kw_only=True):
    decision: DecisionId
    confirm_before: datetime | None
    """The only staff member decided: it ends then unless an outsider confirms it."""


class Removal(msgspec.Struct, frozen=True, kw_only=True):
    """What a moderator says about a removal."""

    class_id: str
    facts: str
    message: str
    source: Source = Source.PATROL


@fulfils("2017-5.5d", "2017-7.1a", "2017-8.c")
def remove_comment(
    tx: sa.Connection, ref: CommentRef, removal: Removal, *, acting: Actor, now: datetime
) -> Removed:
    """Remove at once, everywhere, with ground, record, leaf and notice.

    Raises:
        MayNot, NoSuchComment, WrongState, NoSuchClass, NeedsReason: nothing was changed.
    """
    comment = comments.get(tx, ref)
    acting.require("comment:remove", site=comment.site)
    state = life.after(comment.state, Event.REMOVE)
    kept = _decide(tx, comment, removal, state, acting=acting, now=now)
    count_public(tx, comment, -1, now=now)
    _leave_queue(tx, comment, acting=acting, now=now)
    decision = kept.decision
    if decision.confirm_before is not None:
        send_on_commit(tx, LAPSE, {"decision": decision.id}, due=decision.confirm_before)
    return Removed(decision=decision.id, confirm_before=decision.confirm_before)


def _decide(
    tx: sa.Connection,
    comment: Comment,
    removal: Removal,
    state: State,
    *,
    acting: Actor,
    now: datetime,
) -> Kept:
    place = place_of(tx, comment.thread, now=now)
    others = others_than(tx, acting.id, comment.site)
    deciding = Deciding(
        measure=Measure.REMOVE,
        place=place,
        comment=comment,
        revision=comments.get_revision(tx, comment, comment.revision),
        ground=rules.decide_ground(
            place.regime, removal.class_id, facts=removal.facts, message=removal.message
        ),
        source=removal.source,
        agreement=place.regime.policy,
        role=acting.role,
        confirm_before=rules.confirm_before(Measure.REMOVE, staff=1 + len(others), now=now),
    )
    kept, tombstone = record_removal(tx, deciding, acting=acting, now=now)
    comments.set_revision_state(tx, comment, comment.revision, RevisionState.REMOVED)
    comments.hide(tx, comment, state, decision=kept.decision.id, tombstone=tombstone, now=now)
    comment_changed(tx, place.thread, comment, urgent=True, now=now)
    return kept


def _leave_queue(tx: sa.Connection, comment: Comment, *, acting: Actor, now: datetime) -> None:
    """An edit of what is removed needs no review any more."""
    item = review.find_waiting_on(tx, comment.ref)
    if item is not None:
        review.close(tx, item, ItemState.WITHDRAWN, role=acting.role, measure="remove", now=now)
