"""Threads with their comments, and all that hangs on each comment."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any, Final

import msgspec
import sqlalchemy as sa

from gentie.comments.model import Author, Tombstone
from gentie.comments.parts import Part
from gentie.comments.tables import comments, revisions, votes
from gentie.danmaku.tables import placed, rates, segments, streams
from gentie.decisions.model import Decision
from gentie.decisions.tables import confirmations, decisions, reversals
from gentie.kernel.ids import CommentId, CommentRef, SiteId, ThreadId
from gentie.moving.records.threads import (
    ClassSince,
    CommentRecord,
    KeptDecision,
    PlaceOver,
    RateRecord,
    ReviewRecord,
    RevisionRecord,
    SegmentRecord,
    StreamRecord,
    ThreadRecord,
    VoteRecord,
)
from gentie.review.model import ItemState, PlannedRefusal
from gentie.review.tables import items
from gentie.sites.tables import class_changes, thread_keys, threads
from gentie.storage.schema import Id

AT_ONCE: Final = 500
"""Comments that are held at a time, with what hangs on them."""
PERSON: Final = "person:"
_BUSY: Final = frozenset({ItemState.OPEN.value, ItemState.CLAIMED.value})

_author = msgspec.json.Decoder(Author)
_tombstone = msgspec.json.Decoder(Tombstone)
_decision = msgspec.json.Decoder(Decision)
_parts = msgspec.json.Decoder(tuple[Part, ...])
_planned = msgspec.json.Decoder(PlannedRefusal)

_THREADS = (  # scatter: a whole site on its way out
    sa.select(threads)
    .where(threads.c.site_id == sa.bindparam("site"))
    .order_by(threads.c.thread_id)
)
_KEYS = sa.select(thread_keys.c.thread_id, thread_keys.c.key).where(
    thread_keys.c.site_id == sa.bindparam("site"),
    thread_keys.c.thread_id == sa.bindparam("thread", type_=Id),
)
_CHANGES = (
    sa.select(class_changes)
    .where(class_changes.c.thread_id == sa.bindparam("thread", type_=Id))
    .order_by(class_changes.c.id)
)
_FIRST = sa.bindparam("first", type_=Id)
_LAST = sa.bindparam("last", type_=Id)
_COMMENTS = (
    sa.select(comments)
    .where(
        comments.c.thread_id == sa.bindparam("thread", type_=Id),
        comments.c.id > sa.bindparam("after", type_=Id),
    )
    .order_by(comments.c.id)
    .limit(AT_ONCE)
)
_REVISIONS = (
    sa.select(
        revisions.c.comment_id.label("comment"),
        revisions.c.number,
        revisions.c.state,
        revisions.c.source,
        revisions.c.created_at,
        revisions.c.published_at,
        revisions.c.verdict,
        revisions.c.parts,
    )
    .where(
        revisions.c.thread_id == sa.bindparam("thread", type_=Id),
        revisions.c.comment_id.between(_FIRST, _LAST),
    )
    .order_by(revisions.c.comment_id, revisions.c.number)
)
_DECISIONS = (
    sa.select(
        decisions.c.comment,
        decisions.c.record,
        decisions.c.salt,
        decisions.c.commitment,
        decisions.c.leaf,
        decisions.c.decided_by,
        decisions.c.decider_key,
        decisions.c.seconded_by,
        reversals.c.by_decision,
        confirmations.c.confirmed_by,
        confirmations.c.at.label("confirmed_at"),
    )
    .select_from(
        decisions.outerjoin(reversals, reversals.c.decision_id == decisions.c.id).outerjoin(
            confirmations, confirmations.c.decision_id == decisions.c.id
        )
    )
    .where(
        decisions.c.thread == sa.bindparam("thread", type_=Id),
        decisions.c.comment.between(_FIRST, _LAST),
    )
    .order_by(decisions.c.id)
)
_VOTES = sa.select(
    votes.c.comment_id.label("comment"), votes.c.account, votes.c.voter, votes.c.at
).where(
    votes.c.thread_id == sa.bindparam("thread", type_=Id),
    votes.c.comment_id.between(_FIRST, _LAST),
)
_REVIEWS = (
    sa.select(items)
    .where(
        items.c.thread == sa.bindparam("thread", type_=Id),
        items.c.comment.between(_FIRST, _LAST),
    )
    .order_by(items.c.id)
)

_DECIDERS: Final[dict[str, Any]] = dict.fromkeys(
    ("decided_by", "decider_key", "seconded_by", "confirmed_by"), msgspec.UNSET
)
"""What of a decision its author does not get: who decided."""
_PLACED = sa.select(
    placed.c.id.label("comment"), placed.c.t_ms, placed.c.mode, placed.c.colour
).where(
    placed.c.thread_id == sa.bindparam("thread", type_=Id),
    placed.c.id.between(_FIRST, _LAST),
)
_STREAM = sa.select(streams).where(streams.c.thread_id == sa.bindparam("thread", type_=Id))
_SEGMENTS = (
    sa.select(segments)
    .where(segments.c.thread_id == sa.bindparam("thread", type_=Id))
    .order_by(segments.c.number)
)

_RATES = (
    sa.select(rates)
    .where(rates.c.thread_id == sa.bindparam("thread", type_=Id))
    .order_by(rates.c.since)
)

_Hanging = dict[str, list[Any]]
"""Rows by the comment that they hang on."""


def threads_of(tx: sa.Connection, site: SiteId) -> Iterator[ThreadRecord | CommentRecord]:
    """Each thread, oldest first, with its comments behind it."""
    for row in tx.execute(_THREADS, {"site": site}, execution_options={"yield_per": AT_ONCE}):
        yield _thread(tx, row)
        yield from comments_in(tx, ThreadId(row.thread_id))


def comments_in(tx: sa.Connection, thread: ThreadId) -> Iterator[CommentRecord]:
    """All comments of a thread by id, which is by time."""
    after = "-1"
    while rows := tx.execute(_COMMENTS, {"thread": thread, "after": after}).all():
        facts = {"thread": thread, "first": rows[0].id, "last": rows[-1].id}
        hanging = [
            _by_comment(tx, one, facts)
            for one in (_REVISIONS, _DECISIONS, _VOTES, _REVIEWS, _PLACED)
        ]
        yield from (_comment(row, *hanging) for row in rows)
        after = rows[-1].id


def own_comment(tx: sa.Connection, row: Any) -> CommentRecord:
    """A row of `comments` as its author gets it: without findings and without others' votes."""
    facts = {"thread": row.thread_id, "first": row.id, "last": row.id}
    hanging = (_by_comment(tx, one, facts) for one in (_REVISIONS, _DECISIONS, _PLACED))
    found, decided, over = hanging
    whole = _comment(row, found, decided, {}, {}, over)
    return msgspec.structs.replace(
        whole,
        revisions=tuple(
            msgspec.structs.replace(one, verdict=msgspec.UNSET) for one in whole.revisions
        ),
        decisions=tuple(msgspec.structs.replace(one, **_DECIDERS) for one in whole.decisions),
        voters=msgspec.UNSET,
        reviews=msgspec.UNSET,
    )


def _by_comment(tx: sa.Connection, statement: sa.Select[Any], facts: dict[str, str]) -> _Hanging:
    found: _Hanging = defaultdict(list)
    for row in tx.execute(statement, facts):
        found[row.comment].append(row)
    return found


def _thread(tx: sa.Connection, row: Any) -> ThreadRecord:
    facts = {"site": row.site_id, "thread": row.thread_id}
    keys = {one.key for one in tx.execute(_KEYS, facts)}
    return ThreadRecord(
        id=row.thread_id,
        key=row.key,
        more_keys=tuple(sorted(keys - {row.key})),
        title=row.title,
        url=row.url,
        class_=row.kind,
        mode=row.mode,
        owner=row.owner,
        declared=row.declared,
        created_at=row.created_at,
        changes=tuple(_change(one) for one in tx.execute(_CHANGES, facts)),
        stream=next((_stream(one) for one in tx.execute(_STREAM, facts)), None),
        segments=tuple(_segment(one) for one in tx.execute(_SEGMENTS, facts)),
        sampled=tuple(_rate(one) for one in tx.execute(_RATES, facts)),
    )


def _stream(row: Any) -> StreamRecord:
    return StreamRecord(video=row.kind, started_at=row.started_at, delay_ms=row.delay_ms)


def _segment(row: Any) -> SegmentRecord:
    return SegmentRecord(number=row.number, rev=row.rev, count=row.count)


def _rate(row: Any) -> RateRecord:
    return RateRecord(since=row.since, one_in=row.one_in)


def _change(row: Any) -> ClassSince:
    return ClassSince(
        id=row.id,
        class_=row.kind,
        mode=row.mode,
        reason=row.reason,
        by=row.by,
        by_role=row.by_role,
        at=row.at,
        salt=row.salt.hex(),
        leaf=row.leaf,
    )


def _comment(
    row: Any,
    texts: _Hanging,
    decided: _Hanging,
    cast: _Hanging,
    queued: _Hanging,
    over: _Hanging,
) -> CommentRecord:
    return CommentRecord(
        ref=str(CommentRef(ThreadId(row.thread_id), CommentId(row.id))),
        thread=row.thread_id,
        id=row.id,
        parent=row.parent_id,
        root=None if row.root_id == "0" else row.root_id,
        form=row.form,
        state=row.state,
        shown=bool(row.shown),
        author=_author.decode(row.author),
        origin=row.origin,
        lang=row.lang,
        revision=row.revision,
        latest=row.latest,
        created_at=row.created_at,
        published_at=row.published_at,
        edited_at=row.edited_at,
        hidden_at=row.hidden_at,
        votes=row.votes,
        replies=row.replies,
        regime=row.regime,
        policy=row.policy,
        decision=row.decision_id,
        tombstone=None if row.tombstone is None else _tombstone.decode(row.tombstone),
        receipt=row.receipt,
        revisions=tuple(_revision(one) for one in texts.get(row.id, ())),
        decisions=tuple(_decided(one) for one in decided.get(row.id, ())),
        voters=tuple(sorted((_vote(one) for one in cast.get(row.id, ())), key=_by_account)),
        reviews=tuple(_review(one) for one in queued.get(row.id, ())),
        danmaku=next((_over(one) for one in over.get(row.id, ())), None),
    )


def _over(row: Any) -> PlaceOver:
    return PlaceOver(t_ms=row.t_ms, mode=row.mode, colour=row.colour)


def _revision(row: Any) -> RevisionRecord:
    return RevisionRecord(
        number=row.number,
        state=row.state,
        text=row.source,
        created_at=row.created_at,
        published_at=row.published_at,
        verdict=msgspec.Raw(row.verdict),
        parts=_parts.decode(row.parts),
    )


def _decided(row: Any) -> KeptDecision:
    return KeptDecision(
        record=_decision.decode(row.record),
        salt=row.salt.hex(),
        commitment=row.commitment,
        leaf=row.leaf,
        reversed_by=row.by_decision,
        decided_by=row.decided_by,
        decider_key=row.decider_key.hex(),
        seconded_by=row.seconded_by,
        confirmed_by=row.confirmed_by,
        confirmed_at=row.confirmed_at,
    )


def _vote(row: Any) -> VoteRecord:
    by = "person" if row.voter.startswith(PERSON) else "account"
    return VoteRecord(account=row.account, counted_by=by, at=row.at)


def _by_account(vote: VoteRecord) -> tuple[str, str]:
    return vote.account, vote.counted_by


def _review(row: Any) -> ReviewRecord:
    return ReviewRecord(
        id=row.id,
        revision=row.revision,
        state=ItemState.OPEN if row.state in _BUSY else ItemState(row.state),
        opened_at=row.opened_at,
        due_at=row.due_at,
        version=row.version,
        planned=None if row.planned is None else _planned.decode(row.planned),
        decided_role=row.decided_role,
        decided_measure=row.decided_measure,
        decided_at=row.decided_at,
    )
