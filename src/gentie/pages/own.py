"""What a person sees of their own: what waits, what was decided, what they agreed with."""

from datetime import datetime

import msgspec
import sqlalchemy as sa

from gentie.accounts import queries as accounts
from gentie.boundaries.model import Replies
from gentie.catalogue.regimes import Text
from gentie.comments import queries as comments
from gentie.comments.model import Comment, Form, Revision, RevisionState, State
from gentie.comments.parts import Part
from gentie.danmaku import queries as danmaku
from gentie.danmaku.model import Mode
from gentie.decisions import queries as decisions
from gentie.decisions.model import ON_COMMENT, Kept
from gentie.kernel.actor import Actor
from gentie.kernel.ids import AccountId, CommentRef, DecisionId, SiteId
from gentie.pages.boundaries import Folded, load_boundaries
from gentie.pages.offers import Keeping, Offer, find_offer, parts_in, signed
from gentie.pages.statement import class_of
from gentie.sites import queries as sites

_KEPT = frozenset({State.HELD, State.PUBLISHED, State.REFUSED, State.REMOVED})
_CHANGING = {
    RevisionState.HELD: State.HELD,
    RevisionState.REFUSED: State.REFUSED,
}


class Me(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    avatar: str


class OwnDecision(msgspec.Struct, frozen=True, kw_only=True):
    id: DecisionId
    measure: str
    title: Text | None
    clause: str
    message: str
    decided_at: datetime
    appeal_before: datetime | None
    comment: str
    reversed: bool


class Over(msgspec.Struct, frozen=True, kw_only=True):
    """Where a line of mine stands over a video, whether others see it or not."""

    t_ms: int
    mode: Mode
    colour: int


class Own(msgspec.Struct, frozen=True, kw_only=True):
    """Something I wrote."""

    id: str
    site: str
    state: State
    change: State | None
    """What became of a newer text while an older one is public."""
    parent: str | None
    text: str
    """The newest text as I typed it."""
    body: msgspec.Raw
    parts: tuple[Part, ...]
    """Its pictures, audio and video, as they are while nobody else sees them."""
    created_at: datetime
    decision: OwnDecision | None
    over: Over | None
    """null: it stands in the thread, not over a video."""


class Mine(msgspec.Struct, frozen=True, kw_only=True):
    me: Me
    items: tuple[Own, ...]
    votes: tuple[str, ...]
    folded: tuple[Folded, ...]
    """What is hidden for me, behind a line that shows it."""
    limits: dict[str, Replies]
    """My comments with a limit of their own: who may reply."""
    replies_from: Replies
    protected_until: datetime | None
    hide_votes: bool
    """While protection stands I am not shown how my comments are voted on."""
    files: Offer | None
    """Which files I may add. null: nobody may add any here."""


class OwnPage(msgspec.Struct, frozen=True, kw_only=True):
    comments: tuple[Own, ...]
    next: str | None


class NoticeView(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    kind: str
    about: str
    decision: DecisionId | None
    code: str
    created_at: datetime
    seen: bool


def load_mine(
    tx: sa.Connection,
    site: SiteId,
    key: str,
    *,
    keeping: Keeping | None = None,
    acting: Actor,
    now: datetime,
) -> Mine:
    """My items and votes in a thread. `keeping` None: the service takes no files.

    Raises:
        MayNot, NoSuchSite.
    """
    account = acting.account
    poster = accounts.get_poster(tx, account)
    thread = sites.find_thread(tx, site, key)
    me = Me(name=poster.name, avatar=poster.avatar)
    written = comments.mine(tx, thread.id, account) if thread else []
    votes = comments.votes_of(tx, thread.id, account) if thread else []
    kept = load_boundaries(tx, thread.id if thread else None, written, account=account, now=now)
    return Mine(
        me=me,
        items=tuple(_shown(_own(tx, one), keeping, now) for one in written if one.state in _KEPT),
        votes=tuple(str(CommentRef(thread.id, one)) for one in votes) if thread else (),
        folded=kept.folded,
        limits=kept.limits,
        replies_from=kept.replies_from,
        protected_until=kept.protected_until,
        hide_votes=kept.protected_until is not None,
        files=find_offer(tx, site, poster, keeping, now=now),
    )


def load_written(tx: sa.Connection, *, after: str | None, acting: Actor) -> OwnPage:
    """Everything I wrote, newest first. `after` is the id of the last one seen. Raises MayNot."""
    before = None if after is None else CommentRef.parse(after).comment
    written = comments.written_by(tx, acting.account, before=before)
    last = str(written[-1].ref) if len(written) == comments.MOST else None
    return OwnPage(comments=tuple(_own(tx, one) for one in written), next=last)


def load_decisions(tx: sa.Connection, *, acting: Actor) -> tuple[OwnDecision, ...]:
    """What was refused, removed or restored of mine, newest first. Raises MayNot."""
    return tuple(_decided(one) for one in decisions.decisions_about(tx, acting.account, most=100))


def load_notices(tx: sa.Connection, *, acting: Actor) -> tuple[NoticeView, ...]:
    """What I was told, newest first. Raises MayNot."""
    return tuple(
        NoticeView(
            id=one.id,
            kind=one.kind,
            about=one.about,
            decision=one.decision,
            code=one.code,
            created_at=one.created_at,
            seen=one.seen_at is not None,
        )
        for one in decisions.notices_of(tx, acting.account)
    )


def load_own(tx: sa.Connection, ref: CommentRef, account: AccountId) -> Own | None:
    """One comment of mine. None: it is somebody else's, or gone."""
    found = comments.get(tx, ref)
    mine = found.author.id == account and found.state in _KEPT
    return _own(tx, found) if mine else None


def _own(tx: sa.Connection, comment: Comment) -> Own:
    latest = comments.get_revision(tx, comment.ref, comment.latest)
    return Own(
        id=str(comment.ref),
        site=comment.site,
        state=comment.state,
        change=_change(comment, latest),
        parent=comment.parent and str(CommentRef(comment.thread, comment.parent)),
        text=latest.source,
        body=msgspec.Raw(latest.nodes),
        parts=parts_in(latest.parts),
        created_at=comment.created_at,
        decision=_last(tx, comment),
        over=_over(tx, comment),
    )


def _shown(own: Own, keeping: Keeping | None, now: datetime) -> Own:
    """With addresses of files that its author can follow before others can."""
    if keeping is None or not own.parts or own.state is State.PUBLISHED:
        return own
    return msgspec.structs.replace(own, parts=signed(own.parts, keeping, now=now))


def _over(tx: sa.Connection, comment: Comment) -> Over | None:
    placed = danmaku.find(tx, comment.ref) if comment.form is Form.DANMAKU else None
    if placed is None:
        return None
    return Over(t_ms=placed.t_ms, mode=placed.mode, colour=placed.colour)


def _change(comment: Comment, latest: Revision) -> State | None:
    if comment.state is not State.PUBLISHED or latest.number == comment.revision:
        return None
    return _CHANGING.get(latest.state)


def _last(tx: sa.Connection, comment: Comment) -> OwnDecision | None:
    """The last decision that went against me and stands."""
    against = [
        one
        for one in decisions.decisions_on(tx, comment.thread, comment.id)
        if one.decision.measure in ON_COMMENT and one.reversed_by is None
    ]
    return _decided(against[-1]) if against else None


def _decided(kept: Kept) -> OwnDecision:
    decision, found = kept.decision, class_of(kept.decision)
    return OwnDecision(
        id=decision.id,
        measure=decision.measure.value,
        title=found.title if found else None,
        clause=decision.ground.clause if decision.ground else "",
        message=decision.ground.message if decision.ground else "",
        decided_at=decision.decided_at,
        appeal_before=decision.appeal_before,
        comment=decision.target.ref,
        reversed=kept.reversed_by is not None,
    )
