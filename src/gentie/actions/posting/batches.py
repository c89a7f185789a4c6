"""What the acts around an imported batch share: who decides, and how it is carried out."""

from datetime import datetime

import sqlalchemy as sa

from gentie.actions.place import lines_changed, page_changed
from gentie.catalogue.regimes import get_regime
from gentie.comments import rules, store
from gentie.comments.archive import store as archive
from gentie.comments.model import ArchiveBatch, Event, RevisionState, State
from gentie.danmaku import store as danmaku
from gentie.kernel.actor import Actor, Kind, MayNot
from gentie.kernel.ids import CommentId, CommentRef, ThreadId
from gentie.review import store as review
from gentie.review.model import ItemState
from gentie.sites import queries as sites

IMPORT_DECIDED = "import.decided"
"""A batch may have more than one act carries out: a job goes on with it."""


def require_person(tx: sa.Connection, batch: ArchiveBatch, *, acting: Actor) -> None:
    """Where the regime knows a duty of real names, a person of the staff decides.

    Raises:
        MayNot: it does, and this is none.
    """
    regime = get_regime(sites.get_site(tx, batch.site).regime)
    if regime.identity.required and acting.kind is not Kind.STAFF:
        raise MayNot(scope="archive:approve")


def carry_out(tx: sa.Connection, batch: ArchiveBatch, *, most: int, now: datetime) -> int:
    """Publish or refuse up to `most` of a batch that was decided on. Returns how many are left."""
    if batch.refused_at is None:
        _publish(tx, batch, most=most, now=now)
        return archive.count_waiting(tx, batch)
    for ref in archive.take_left(tx, batch, most=most):
        _refuse(tx, ref, now=now)
    return archive.count_left(tx, batch)


def _publish(tx: sa.Connection, batch: ArchiveBatch, *, most: int, now: datetime) -> None:
    held: dict[ThreadId, list[CommentId]] = {}
    for ref in archive.take_waiting(tx, batch, most=most):
        held.setdefault(ref.thread, []).append(ref.comment)
    for thread in sorted(held):
        if shown := archive.publish_held(tx, thread, held[thread], now=now):
            came = danmaku.turn_many(tx, thread, shown)
            where = sites.get_thread(tx, thread)
            if came:
                lines_changed(tx, where, came, now=now)
            if came.total() < len(shown):
                page_changed(tx, where, urgent=False, now=now)


def _refuse(tx: sa.Connection, ref: CommentRef, *, now: datetime) -> None:
    """What somebody has decided on by itself stays as it was decided."""
    comment = store.get(tx, ref)
    if comment.state is not State.HELD:
        return
    state = rules.after(comment.state, Event.REFUSE)
    store.set_revision_state(tx, comment, comment.latest, RevisionState.REFUSED)
    store.hide(tx, comment, state, decision=None, now=now)
    item = review.find_waiting_on(tx, ref)
    if item is not None:
        review.close(tx, item, ItemState.DECIDED, role="batch", measure="refuse", now=now)
