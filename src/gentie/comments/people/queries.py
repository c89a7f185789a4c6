"""Who answered whom. Reads only."""

from datetime import datetime
from typing import Any

import msgspec
import sqlalchemy as sa

from gentie.comments.model import Author, State
from gentie.comments.tables import comments
from gentie.kernel.chance import first_id_of
from gentie.kernel.ids import AccountId, CommentId, CommentRef, ThreadId
from gentie.storage.schema import Id

MOST_FOLDED = 500
"""Comments of a thread that are looked at for one reader."""
_MINE = comments.alias("mine")
_ANSWERS_MINE = sa.and_(
    comments.c.thread_id == _MINE.c.thread_id, comments.c.parent_id == _MINE.c.id
)
_HAS_ANSWERED = (  # scatter: whether one person ever answered another, in any thread
    sa.select(comments.c.id)
    .select_from(comments.join(_MINE, _ANSWERS_MINE))
    .where(
        comments.c.author_id == sa.bindparam("author"),
        comments.c.state == State.PUBLISHED.value,
        _MINE.c.author_id == sa.bindparam("other"),
    )
    .limit(1)
)
_BY = (
    sa.select(comments.c.id, comments.c.author_id)
    .where(
        comments.c.thread_id == sa.bindparam("thread", type_=Id),
        comments.c.author_id.in_(sa.bindparam("authors", expanding=True)),
        comments.c.shown == 1,
    )
    .order_by(comments.c.id.desc())
    .limit(MOST_FOLDED)
)
_TO_ME_HERE = (
    sa.select(comments.c.id, comments.c.author_id)
    .select_from(comments.join(_MINE, _ANSWERS_MINE))
    .where(
        comments.c.thread_id == sa.bindparam("thread", type_=Id),
        _MINE.c.thread_id == sa.bindparam("thread", type_=Id),
        _MINE.c.author_id == sa.bindparam("me"),
        comments.c.author_id != sa.bindparam("me"),
        comments.c.shown == 1,
    )
    .order_by(comments.c.id.desc())
    .limit(MOST_FOLDED)
)
_TO_ME = (  # scatter: what was written to one person anywhere, when that person saves it
    sa.select(
        comments.c.thread_id,
        comments.c.id,
        comments.c.parent_id,
        comments.c.author,
        comments.c.state,
        comments.c.plain,
        comments.c.created_at,
        comments.c.edited_at,
    )
    .select_from(comments.join(_MINE, _ANSWERS_MINE))
    .where(
        _MINE.c.author_id == sa.bindparam("me"),
        comments.c.author_id != sa.bindparam("me"),
        comments.c.shown == 1,
        sa.type_coerce(comments.c.id, sa.BigInteger) >= sa.bindparam("first", type_=sa.BigInteger),
    )
    .order_by(comments.c.id.desc())
    .limit(sa.bindparam("most", type_=sa.Integer))
)
_author = msgspec.json.Decoder(Author)


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """A reply to somebody, as the public sees it."""

    ref: CommentRef
    to: CommentRef
    author: str
    """The front-stage name of that time."""
    state: State
    text: str
    """Empty: it is not public any more."""
    created_at: datetime
    edited_at: datetime | None


def has_answered(tx: sa.Connection, author: AccountId, other: AccountId) -> bool:
    """Whether `author` has ever replied to `other` in public."""
    return tx.scalar(_HAS_ANSWERED, {"author": author, "other": other}) is not None


def written_here(
    tx: sa.Connection, thread: ThreadId, authors: list[AccountId]
) -> dict[CommentId, AccountId]:
    """What some people wrote in a thread, the latest `MOST_FOLDED`."""
    if not authors:
        return {}
    rows = tx.execute(_BY, {"thread": thread, "authors": authors})
    return {CommentId(row.id): AccountId(row.author_id) for row in rows}


def answers_here(tx: sa.Connection, thread: ThreadId, me: AccountId) -> dict[CommentId, AccountId]:
    """Who answered a person in a thread, the latest `MOST_FOLDED`."""
    rows = tx.execute(_TO_ME_HERE, {"thread": thread, "me": me})
    return {CommentId(row.id): AccountId(row.author_id) for row in rows}


def answers_to(tx: sa.Connection, me: AccountId, *, since: datetime, most: int) -> list[Answer]:
    """What others replied to a person anywhere, the latest first."""
    facts = {"me": me, "first": int(first_id_of(since)), "most": most}
    return [_answer(row) for row in tx.execute(_TO_ME, facts)]


def _answer(row: Any) -> Answer:
    thread = ThreadId(row.thread_id)
    return Answer(
        ref=CommentRef(thread, CommentId(row.id)),
        to=CommentRef(thread, CommentId(row.parent_id)),
        author=_author.decode(row.author).name,
        state=State(row.state),
        text=row.plain or "",
        created_at=row.created_at,
        edited_at=row.edited_at,
    )
