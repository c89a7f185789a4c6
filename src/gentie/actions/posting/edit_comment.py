"""Edit one's own contribution. The published text stays until the new one has passed."""

from datetime import datetime

import msgspec
import sqlalchemy as sa

from gentie.actions.place import comment_changed, count_public, place_of
from gentie.actions.posting.gates import (
    needed_for,
    pass_open,
    pass_parent,
    pass_poster,
    pass_undertaking,
)
from gentie.actions.posting.make_draft import Draft
from gentie.actions.posting.network import SealedOrigin, send_origin
from gentie.actions.posting.routing import STATES, Submitted, Weighed, first_revision, settle, weigh
from gentie.actions.posting.taking import again, pass_parts
from gentie.actions.standing import pass_standing
from gentie.catalogue import fulfils
from gentie.comments import rules, store
from gentie.comments.model import Comment, Revision, RevisionState, State
from gentie.kernel.actor import Actor
from gentie.kernel.ids import CommentRef, DecisionId
from gentie.media import queries as media
from gentie.review import store as review
from gentie.review.model import ItemState


@fulfils("2017-5.3", "2022-4.4b")
def edit_comment(
    tx: sa.Connection,
    ref: CommentRef,
    draft: Draft,
    *,
    acting: Actor,
    now: datetime,
    network: SealedOrigin | None = None,
) -> Submitted:
    """Add a revision. It passes the same gates, screening and review as a new contribution.

    Pictures, audio and video stay as they are.

    Raises:
        MayNot, NoSuchComment, NotTheAuthor, WrongState, ReadOnly, FeatureOffline,
        AccountClosed, AccountRestricted, IdentityRequired, IdentityExpired, IdentityRevoked,
        AgreementRequired, MeasureInForce, Barred, UndertakingDue, RepliesLimited,
        PartNotOffered: nothing was changed.
    """
    acting.require("comment:edit")
    comment = store.get(tx, ref)
    acting.require("comment:edit", site=comment.site)
    rules.require_author(comment, acting.account)
    rules.require_editable(comment)
    place = place_of(tx, comment.thread, now=now)
    pass_open(tx, place, "comment.edit", now=now)
    poster, agreement = pass_poster(tx, place, acting=acting, now=now)
    draft = again(draft, media.of_comment(tx, ref), place, seen=comment.revision > 0)
    pass_parts(draft, place, comment.form)
    left = pass_standing(tx, place, poster, needs=needed_for(draft), now=now)
    pass_undertaking(tx, place, poster, now=now)
    parent = store.find(tx, comment.thread, comment.parent) if comment.parent else None
    pass_parent(tx, parent, acting=acting, now=now)
    weighed = weigh(draft, place, agreement, left, now=now)
    edited = msgspec.structs.replace(comment, latest=comment.latest + 1)
    revision = first_revision(edited, weighed, now=now)
    _supersede_waiting(tx, comment, now=now)
    decision = settle(tx, edited, revision, weighed, now=now)
    _store(tx, comment, revision, weighed, decision=decision, now=now)
    send_origin(tx, network, place, ref, now=now)
    state = STATES[weighed.outcome]
    return Submitted(
        id=str(ref),
        state=state,
        revision=revision.number,
        decision=decision if state is State.REFUSED else None,
    )


def _supersede_waiting(tx: sa.Connection, comment: Comment, *, now: datetime) -> None:
    """A newer text takes the place of one that still waits; nobody reviews the old one."""
    item = review.find_waiting_on(tx, comment.ref)
    if item is None:
        return
    review.close(tx, item, ItemState.WITHDRAWN, role="author", measure="edit", now=now)
    store.set_revision_state(tx, comment, item.revision, RevisionState.SUPERSEDED)


def _store(
    tx: sa.Connection,
    comment: Comment,
    revision: Revision,
    weighed: Weighed,
    *,
    decision: DecisionId | None,
    now: datetime,
) -> None:
    store.add_revision(tx, revision)
    store.set_latest(tx, comment, revision.number)
    if revision.state is RevisionState.PUBLISHED:
        if comment.state is State.PUBLISHED:
            store.set_revision_state(tx, comment, comment.revision, RevisionState.SUPERSEDED)
        else:
            count_public(tx, comment, 1, now=now)
        store.show(tx, comment, revision, decision=decision, now=now)
        comment_changed(tx, weighed.place.thread, comment, urgent=True, now=now)
    elif revision.state is RevisionState.REFUSED and comment.state is State.HELD:
        store.hide(tx, comment, State.REFUSED, decision=decision, now=now)
