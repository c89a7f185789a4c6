"""Take one's own contribution back."""

from datetime import datetime

import sqlalchemy as sa

from gentie.actions.place import comment_changed, count_public
from gentie.comments import rules, store
from gentie.comments.model import Comment, Event, RevisionState, State
from gentie.kernel.actor import Actor
from gentie.kernel.ids import CommentRef
from gentie.review import store as review
from gentie.review.model import ItemState
from gentie.sites.queries import get_thread


def withdraw_comment(tx: sa.Connection, ref: CommentRef, *, acting: Actor, now: datetime) -> State:
    """Withdraw what is public or waits. Replies of others stay where they are.

    Possible even while a site is read-only: nobody is kept in public against their will.

    Raises:
        MayNot, NoSuchComment, NotTheAuthor, WrongState: nothing was changed.
    """
    acting.require("comment:edit")
    comment = store.get(tx, ref)
    acting.require("comment:edit", site=comment.site)
    rules.require_author(comment, acting.account)
    state = rules.after(comment.state, Event.WITHDRAW)
    store.set_revision_state(tx, comment, comment.latest, RevisionState.WITHDRAWN)
    store.hide(tx, comment, state, decision=comment.decision, now=now)
    _leave_queue(tx, comment, now=now)
    if comment.state is State.PUBLISHED:
        count_public(tx, comment, -1, now=now)
        thread = get_thread(tx, comment.thread)
        comment_changed(tx, thread, comment, urgent=True, now=now)
    return state


def _leave_queue(tx: sa.Connection, comment: Comment, *, now: datetime) -> None:
    item = review.find_waiting_on(tx, comment.ref)
    if item is not None:
        review.close(tx, item, ItemState.WITHDRAWN, role="author", measure="withdraw", now=now)
