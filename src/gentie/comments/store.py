"""The SQL of contributions that writes or locks."""

from datetime import datetime
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from gentie.comments.model import (
    UNSENT,
    Author,
    Comment,
    NothingWaiting,
    Revision,
    RevisionState,
    State,
    Tombstone,
    Unsent,
)
from gentie.comments.parts import NO_PARTS
from gentie.comments.rows import comment_of, revision_of
from gentie.comments.rules import keeps_place, stands_in_thread
from gentie.comments.tables import (
    comments,
    revisions,
    tallies,
    unsent,
    votes,
)
from gentie.kernel.ids import (
    CommentId,
    CommentRef,
    DecisionId,
    NoSuchComment,
    ThreadId,
)
from gentie.storage.prepared import Prepared
from gentie.storage.schema import Id, UtcTime

_HERE = sa.and_(
    comments.c.thread_id == sa.bindparam("b_thread", type_=Id),
    comments.c.id == sa.bindparam("b_id", type_=Id),
)
_GET = Prepared(sa.select(comments).where(_HERE).with_for_update())
_ADD = Prepared(comments.insert())
_ADD_MANY = Prepared(comments.insert())
_CHANGE = comments.update().where(_HERE)
_VOTES = comments.update().where(_HERE).values(votes=comments.c.votes + sa.bindparam("by"))
_REPLIES = comments.update().where(_HERE).values(replies=comments.c.replies + sa.bindparam("by"))
_STALE = (  # scatter: one author's comments in all threads, after a rename
    sa.select(comments.c.thread_id, comments.c.id)
    .where(
        comments.c.author_id == sa.bindparam("author"),
        comments.c.author != sa.bindparam("snapshot"),
    )
    .limit(sa.bindparam("most", type_=sa.Integer))
    .with_for_update()
)
_REVISION_HERE = sa.and_(
    revisions.c.thread_id == sa.bindparam("b_thread", type_=Id),
    revisions.c.comment_id == sa.bindparam("b_id", type_=Id),
    revisions.c.number == sa.bindparam("b_number"),
)
_GET_REVISION = sa.select(revisions).where(_REVISION_HERE)
_ADD_REVISION = Prepared(revisions.insert())
_ADD_REVISIONS = Prepared(revisions.insert())
_REVISION_STATE = revisions.update().where(_REVISION_HERE).values(state=sa.bindparam("to"))
_REVISION_PUBLISHED = (
    revisions.update()
    .where(_REVISION_HERE)
    .values(state=RevisionState.PUBLISHED.value, published_at=sa.bindparam("at"))
)
_ADD_VOTE = {
    "sqlite": sqlite.insert(votes).on_conflict_do_nothing().returning(votes.c.voter),
    "postgresql": postgresql.insert(votes).on_conflict_do_nothing().returning(votes.c.voter),
}
_DROP_VOTE = votes.delete().where(
    votes.c.thread_id == sa.bindparam("b_thread"),
    votes.c.comment_id == sa.bindparam("b_id"),
    votes.c.voter == sa.bindparam("b_voter"),
)


def _counted(insert: sqlite.Insert | postgresql.Insert) -> sa.Executable:
    return insert.on_conflict_do_update(
        index_elements=[tallies.c.thread_id],
        set_={
            "published": tallies.c.published + insert.excluded.published,
            "changed_at": insert.excluded.changed_at,
        },
    )


_TALLY = Prepared(
    {
        "sqlite": _counted(sqlite.insert(tallies)),
        "postgresql": _counted(postgresql.insert(tallies)),
    }
)


_LAST_ID = Prepared(
    sa.select(sa.func.max(comments.c.id).label("id")).where(
        comments.c.thread_id == sa.bindparam("thread", type_=Id),
        comments.c.id.between(sa.bindparam("first", type_=Id), sa.bindparam("last", type_=Id)),
    )
)


def find(tx: sa.Connection, thread: ThreadId, comment: CommentId) -> Comment | None:
    """Load one contribution and lock it."""
    row = _GET.first(tx, {"b_thread": thread, "b_id": comment})
    return None if row is None else comment_of(row)


def get(tx: sa.Connection, ref: CommentRef) -> Comment:
    """Load one contribution and lock it, so that two acts cannot change it at once.

    Raises:
        NoSuchComment: there is none.
    """
    found = find(tx, ref.thread, ref.comment)
    if found is None:
        raise NoSuchComment
    return found


def get_revision(tx: sa.Connection, comment: Comment, number: int) -> Revision:
    key = {"b_thread": comment.thread, "b_id": comment.id, "b_number": number}
    return revision_of(tx.execute(_GET_REVISION, key).one())


def add(tx: sa.Connection, comment: Comment, first: Revision, *, lang: str) -> None:
    """Store a new contribution with its first revision, already in its first state."""
    _ADD.run(tx, _row(comment, first, lang))
    add_revision(tx, first)


def add_many(tx: sa.Connection, made: list[tuple[Comment, Revision]]) -> None:
    """The same for many at once, of any threads."""
    _ADD_MANY.many(tx, [_row(comment, first, "") for comment, first in made])
    _ADD_REVISIONS.many(tx, [_revision_row(first) for _, first in made])


def _row(comment: Comment, first: Revision, lang: str) -> dict[str, Any]:
    public = comment.state is State.PUBLISHED
    return {
        "thread_id": comment.thread,
        "id": comment.id,
        "site_id": comment.site,
        "parent_id": comment.parent,
        "root_id": comment.root or "0",
        "form": comment.form.value,
        "state": comment.state.value,
        "shown": int(keeps_place(comment, comment.state)),
        "author_id": comment.author.id,
        "author": msgspec.json.encode(comment.author),
        "origin": comment.origin.value,
        "lang": lang,
        "revision": comment.revision,
        "latest": comment.latest,
        "nodes": first.nodes if public else None,
        "html": first.html if public else None,
        "plain": first.plain if public else None,
        "parts": _shown_parts(first) if public else None,
        "created_at": comment.created_at,
        "published_at": comment.published_at,
        "edited_at": None,
        "votes": comment.votes,
        "replies": 0,
        "regime": comment.regime,
        "policy": comment.policy,
        "decision_id": comment.decision,
        "tombstone": None,
        "receipt": comment.receipt,
    }


def _shown_parts(revision: Revision) -> bytes | None:
    """None where there are none: a page of words reads nothing."""
    return None if revision.parts == NO_PARTS else revision.parts


def add_revision(tx: sa.Connection, revision: Revision) -> None:
    _ADD_REVISION.run(tx, _revision_row(revision))


def _revision_row(revision: Revision) -> dict[str, Any]:
    return {
        "thread_id": revision.thread,
        "comment_id": revision.comment,
        "number": revision.number,
        "state": revision.state.value,
        "source": revision.source,
        "plain": revision.plain,
        "nodes": revision.nodes,
        "html": revision.html,
        "kinds": " ".join(sorted(revision.kinds)),
        "parts": revision.parts,
        "created_at": revision.created_at,
        "published_at": (
            revision.created_at if revision.state is RevisionState.PUBLISHED else None
        ),
        "verdict": revision.verdict,
    }


def set_latest(tx: sa.Connection, comment: Comment, number: int) -> None:
    _change(tx, comment, latest=number)


def set_revision_state(
    tx: sa.Connection, comment: Comment, number: int, state: RevisionState
) -> None:
    key = {"b_thread": comment.thread, "b_id": comment.id, "b_number": number}
    tx.execute(_REVISION_STATE, {**key, "to": state.value})


def show(
    tx: sa.Connection,
    comment: Comment,
    revision: Revision,
    *,
    decision: DecisionId | None,
    now: datetime,
) -> None:
    """Put a revision in the public place: first publication, an edit that passed, a restoration."""
    first = comment.published_at is None
    _change(
        tx,
        comment,
        state=State.PUBLISHED.value,
        shown=int(stands_in_thread(comment.form)),
        revision=revision.number,
        nodes=revision.nodes,
        html=revision.html,
        plain=revision.plain,
        parts=_shown_parts(revision),
        published_at=now if first else comment.published_at,
        edited_at=None if revision.number == 1 else revision.created_at,
        hidden_at=None,
        decision_id=decision,
        tombstone=None,
    )
    key = {"b_thread": comment.thread, "b_id": comment.id, "b_number": revision.number}
    tx.execute(_REVISION_PUBLISHED, {**key, "at": now})


def hide(
    tx: sa.Connection,
    comment: Comment,
    state: State,
    *,
    decision: DecisionId | None,
    tombstone: Tombstone | None = None,
    now: datetime,
) -> None:
    """Take the text out of the public place. The revision keeps it as evidence."""
    _change(
        tx,
        comment,
        state=state.value,
        shown=int(keeps_place(comment, state)),
        revision=0,
        hidden_at=now,
        nodes=None,
        html=None,
        plain=None,
        parts=None,
        decision_id=decision,
        tombstone=None if tombstone is None else msgspec.json.encode(tombstone),
    )


def count_published(tx: sa.Connection, comment: Comment, by: int, *, now: datetime) -> None:
    """Add `by` (1 or -1) to what the thread and the branch count as public."""
    row = {"thread_id": comment.thread, "published": by, "changed_at": now}
    _TALLY.run(tx, row)
    if comment.root is not None:
        tx.execute(_REPLIES, {"b_thread": comment.thread, "b_id": comment.root, "by": by})


def rewrite_author(tx: sa.Connection, author: Author, *, most: int) -> list[ThreadId]:
    """Put an author's present snapshot on comments that carry another.

    Returns the thread of each comment that was changed, `most` at the most.
    """
    snapshot = msgspec.json.encode(author)
    facts = {"author": author.id, "snapshot": snapshot, "most": most}
    stale = tx.execute(_STALE, facts).all()
    rows = [{"b_thread": row.thread_id, "b_id": row.id, "author": snapshot} for row in stale]
    if rows:
        tx.execute(_CHANGE, rows)
    return [ThreadId(row.thread_id) for row in stale]


def add_vote(
    tx: sa.Connection, comment: Comment, *, voter: str, account: str, now: datetime
) -> int:
    """Count one vote of `voter`. Returns by how much the count changed: 0 if it was there."""
    row = {
        "thread_id": comment.thread,
        "comment_id": comment.id,
        "voter": voter,
        "account": account,
        "at": now,
    }
    added = tx.execute(_ADD_VOTE[tx.dialect.name], row).first() is not None
    return _count_votes(tx, comment, int(added))


def drop_vote(tx: sa.Connection, comment: Comment, *, voter: str) -> int:
    """Take a vote back. Returns by how much the count changed."""
    key = {"b_thread": comment.thread, "b_id": comment.id, "b_voter": voter}
    return _count_votes(tx, comment, -tx.execute(_DROP_VOTE, key).rowcount)


def _count_votes(tx: sa.Connection, comment: Comment, by: int) -> int:
    if by:
        tx.execute(_VOTES, {"b_thread": comment.thread, "b_id": comment.id, "by": by})
    return by


def _change(tx: sa.Connection, comment: Comment, **values: Any) -> None:
    tx.execute(_CHANGE, {"b_thread": comment.thread, "b_id": comment.id, **values})


def last_id_between(tx: sa.Connection, thread: ThreadId, first: str, last: str) -> str | None:
    """The highest id that a thread has used in a range."""
    found: str | None = _LAST_ID.scalar(tx, {"thread": thread, "first": first, "last": last})
    return found


_OVER = sa.select(comments.c.thread_id, comments.c.id).where(  # scatter: the clock, once an hour
    sa.or_(
        sa.and_(
            comments.c.state == State.WITHDRAWN.value,
            comments.c.hidden_at < sa.bindparam("withdrawn", type_=UtcTime),
        ),
        sa.and_(
            comments.c.state.in_((State.REFUSED.value, State.REMOVED.value)),
            sa.func.coalesce(comments.c.hidden_at, comments.c.created_at)
            < sa.bindparam("decided", type_=UtcTime),
        ),
    ),
    comments.c.author_id.not_in(sa.bindparam("held", expanding=True, type_=sa.Text)),
)
# scatter: what is over is deleted in time, in whatever thread it stands
_FORGET_TEXTS = (
    revisions.update()
    .where(
        sa.or_(revisions.c.source != "", revisions.c.parts != NO_PARTS),
        sa.tuple_(revisions.c.thread_id, revisions.c.comment_id).in_(_OVER),
    )
    .values(source="", plain="", html="", nodes=b"[]", parts=NO_PARTS)
    .returning(revisions.c.thread_id, revisions.c.comment_id)
)
_KEEP_WAITING = unsent.insert()
_TAKE_WAITING = unsent.delete().where(unsent.c.secret == sa.bindparam("b_secret"))
_FORGET_WAITING = unsent.delete().where(unsent.c.at < sa.bindparam("before"))


def keep_waiting(tx: sa.Connection, waiting: Unsent, *, secret: str, now: datetime) -> None:
    """Keep an unsent text under the digest of a secret."""
    row = {"secret": secret, "body": msgspec.json.encode(waiting), "at": now}
    tx.execute(_KEEP_WAITING, row)


def take_waiting(tx: sa.Connection, secret: str) -> None:
    """Forget an unsent text because it is being sent.

    Raises:
        NothingWaiting: somebody was faster.
    """
    if tx.execute(_TAKE_WAITING, {"b_secret": secret}).rowcount == 0:
        raise NothingWaiting


def forget_texts(
    tx: sa.Connection, *, withdrawn: datetime, decided: datetime, held: list[str]
) -> list[CommentRef]:
    """Delete the words of what was withdrawn before one day, refused or removed before another.

    Not of held accounts. Returns of which contribution each revision was; a revision keeps its
    number, times and state.
    """
    facts = {"withdrawn": withdrawn, "decided": decided, "held": held}
    return [
        CommentRef(ThreadId(row.thread_id), CommentId(row.comment_id))
        for row in tx.execute(_FORGET_TEXTS, facts)
    ]


def forget_waiting(tx: sa.Connection, *, now: datetime) -> int:
    """Forget what was not sent within its day. Returns how many."""
    return tx.execute(_FORGET_WAITING, {"before": now - UNSENT}).rowcount
