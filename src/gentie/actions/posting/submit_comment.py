"""Submit a contribution: a post, a reply, a message to a guestbook, or a line over a video."""

from datetime import datetime

import msgspec
import sqlalchemy as sa

from gentie.accounts.model import PosterFacts
from gentie.actions.place import Change, Place, comment_changed, count_public, make_place
from gentie.actions.posting.gates import (
    needed_for,
    pass_open,
    pass_parent,
    pass_poster,
    pass_undertaking,
)
from gentie.actions.posting.make_draft import Draft
from gentie.actions.posting.network import SealedOrigin, send_origin
from gentie.actions.posting.placing import Moment, find_moment, keep_moment, pass_style
from gentie.actions.posting.routing import (
    STATES,
    Submitted,
    Weighed,
    first_revision,
    settle,
    weigh,
)
from gentie.actions.posting.taking import keep_media, pass_parts, with_media
from gentie.actions.standing import pass_standing
from gentie.actions.telling import tell_answered
from gentie.catalogue import fulfils
from gentie.comments import rules, store
from gentie.comments.model import Author, Comment, Form, FormNotOffered, NoSuchParent, Origin, State
from gentie.danmaku.model import Wanted
from gentie.kernel.actor import Actor
from gentie.kernel.chance import digest_of, new_id, new_secret
from gentie.kernel.ids import CommentId, CommentRef, SiteId
from gentie.media.model import FEATURE
from gentie.sites.model import ThreadClass


class Submission(msgspec.Struct, frozen=True, kw_only=True):
    site: SiteId
    key: str
    draft: Draft
    parent: CommentRef | None = None
    lang: str = ""
    """Language tag the author's page names. Empty: not known."""
    danmaku: Wanted | None = None
    """Where over the thread's video it shows. None: it stands in the thread."""
    network: SealedOrigin | None = None
    """Where it comes from. Nobody here can read it."""
    media: tuple[str, ...] = ()
    """Ids of the author's own uploads, in the order in which they show."""


@fulfils("2017-2.1", "2017-2.2a", "2017-2.2b", "2022-2.2")
def submit_comment(
    tx: sa.Connection, submission: Submission, *, acting: Actor, now: datetime
) -> Submitted:
    """Take a contribution in, decide what happens to it, and say so to its author.

    Contribution, decision or queue item, leaf and messages stand or fall together.

    Raises:
        MayNot, NoSuchSite, BadThreadKey, ReadOnly, FeatureOffline, AccountClosed,
        AccountRestricted, IdentityRequired, IdentityExpired, IdentityRevoked,
        AgreementRequired, MeasureInForce, Barred, UndertakingDue, RepliesLimited, NoSuchParent,
        FormNotOffered, BadMoment, StyleNotOffered, PartNotOffered, TooManyAttachments,
        NoSuchAttachment, AttachmentTaken, AttachmentNotReady: nothing was changed.
    """
    acting.require("comment:submit", site=submission.site)
    place = make_place(tx, submission.site, submission.key, now=now)
    parent = _parent(tx, place, submission)
    form = rules.form_of(
        guestbook=place.thread.kind is ThreadClass.GUESTBOOK,
        reply=parent is not None,
        danmaku=submission.danmaku is not None,
    )
    if form.value not in place.regime.forms:
        raise FormNotOffered(form=form.value)
    moment = find_moment(tx, place, submission.danmaku, now=now)
    pass_open(tx, place, f"comment.{form.value}", now=now)
    if submission.media:
        pass_open(tx, place, FEATURE, now=now)
    poster, agreement = pass_poster(tx, place, acting=acting, now=now)
    draft = with_media(tx, submission.draft, submission.media, place, account=acting.account)
    pass_parts(draft, place, form)
    needs = needed_for(draft)
    left = pass_standing(tx, place, poster, needs=needs, now=now)
    pass_undertaking(tx, place, poster, now=now)
    pass_style(moment, left)
    pass_parent(tx, parent, acting=acting, now=now)
    within = moment.within if moment else None
    weighed = weigh(draft, place, agreement, left, within=within, now=now)
    comment, receipt = _comment(weighed, poster, parent, form=form, now=now)
    return _store(tx, comment, weighed, submission, moment, receipt=receipt, now=now)


def _parent(tx: sa.Connection, place: Place, submission: Submission) -> Comment | None:
    ref = submission.parent
    if ref is None:
        return None
    if ref.thread != place.thread.id:
        raise NoSuchParent
    parent = store.find(tx, ref.thread, ref.comment)
    rules.require_parent(parent)
    return parent


def _comment(
    weighed: Weighed,
    poster: PosterFacts,
    parent: Comment | None,
    *,
    form: Form,
    now: datetime,
) -> tuple[Comment, str]:
    receipt, place = new_secret(), weighed.place
    state = STATES[weighed.outcome]
    public = state is State.PUBLISHED
    comment = Comment(
        thread=place.thread.id,
        id=CommentId(new_id()),
        site=place.site.id,
        parent=parent.id if parent else None,
        root=(parent.root or parent.id) if parent else None,
        form=form,
        state=state,
        author=Author(
            id=poster.account, name=poster.name, avatar=poster.avatar, badges=poster.badges
        ),
        origin=Origin.USER,
        revision=1 if public else 0,
        latest=1,
        created_at=now,
        published_at=now if public else None,
        votes=0,
        replies=0,
        regime=place.regime.id,
        policy=place.regime.policy,
        decision=None,
        tombstone=None,
        receipt=digest_of(receipt),
    )
    return comment, receipt


def _store(
    tx: sa.Connection,
    comment: Comment,
    weighed: Weighed,
    submission: Submission,
    moment: Moment | None,
    *,
    receipt: str,
    now: datetime,
) -> Submitted:
    revision = first_revision(comment, weighed, now=now)
    decision = settle(tx, comment, revision, weighed, now=now)
    comment = msgspec.structs.replace(comment, decision=decision)
    store.add(tx, comment, revision, lang=submission.lang)
    keep_moment(tx, comment.ref, moment)
    keep_media(tx, submission.media, comment.ref)
    if comment.state is State.PUBLISHED:
        count_public(tx, comment, 1, now=now)
        thread = weighed.place.thread
        comment_changed(tx, thread, comment, change=Change.NEW, urgent=False, now=now)
        tell_answered(tx, comment, now=now)
    send_origin(tx, submission.network, weighed.place, comment.ref, now=now)
    return Submitted(
        id=str(comment.ref),
        state=comment.state,
        revision=1,
        receipt=receipt,
        decision=decision if comment.state is State.REFUSED else None,
    )
