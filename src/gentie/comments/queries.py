"""Listing contributions: keyset pages in every order, and what one author sees of their own."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

import msgspec
import sqlalchemy as sa

from gentie.comments.model import (
    UNSENT,
    Author,
    Comment,
    Form,
    Order,
    Origin,
    Revision,
    State,
    Tombstone,
    Unsent,
)
from gentie.comments.rows import comment_of, revision_of
from gentie.comments.tables import comments, revisions, tallies, unsent, votes
from gentie.kernel.ids import AccountId, CommentId, CommentRef, NoSuchComment, ThreadId
from gentie.kernel.page import Cursor
from gentie.storage.schema import Id

MOST = 50
"""Most comments on a page."""
FIRST_REPLIES = 5

_SHOWN = (
    comments.c.id,
    comments.c.state,
    comments.c.author,
    comments.c.origin,
    comments.c.lang,
    comments.c.nodes,
    comments.c.html,
    comments.c.plain,
    comments.c.parts,
    comments.c.created_at,
    comments.c.edited_at,
    comments.c.votes,
    comments.c.replies,
    comments.c.parent_id,
    comments.c.decision_id,
    comments.c.tombstone,
)
_ID = sa.bindparam("id", type_=sa.BigInteger)
_KEY = sa.bindparam("key", type_=sa.BigInteger)
_ROW_ID = sa.type_coerce(comments.c.id, sa.BigInteger)
_ROOTS = (
    sa.select(*_SHOWN)
    .where(
        comments.c.thread_id == sa.bindparam("thread"),
        comments.c.root_id == "0",
        comments.c.shown == 1,
    )
    .limit(sa.bindparam("most", type_=sa.Integer))
)
_IN_ORDER = {
    Order.NEWEST: _ROOTS.where(_ROW_ID < _ID).order_by(comments.c.id.desc()),
    Order.OLDEST: _ROOTS.where(_ROW_ID > _ID).order_by(comments.c.id),
    Order.TOP: _ROOTS.where(sa.tuple_(comments.c.votes, _ROW_ID) < sa.tuple_(_KEY, _ID)).order_by(
        comments.c.votes.desc(), comments.c.id.desc()
    ),
}
_REPLIES = (
    sa.select(*_SHOWN)
    .where(
        comments.c.thread_id == sa.bindparam("thread"),
        comments.c.root_id == sa.bindparam("root", type_=Id),
        comments.c.shown == 1,
        _ROW_ID > _ID,
    )
    .order_by(comments.c.id)
    .limit(sa.bindparam("most", type_=sa.Integer))
)
_ONE = sa.select(comments).where(
    comments.c.thread_id == sa.bindparam("thread"), comments.c.id == sa.bindparam("id", type_=Id)
)
_ONE_SHOWN = sa.select(*_SHOWN, comments.c.root_id).where(
    comments.c.thread_id == sa.bindparam("thread"),
    comments.c.id == sa.bindparam("id", type_=Id),
    comments.c.shown == 1,
)
_TALLY = sa.select(tallies.c.published).where(tallies.c.thread_id == sa.bindparam("thread"))
_MINE = (
    sa.select(comments)
    .where(
        comments.c.author_id == sa.bindparam("author"),
        comments.c.thread_id == sa.bindparam("thread"),
    )
    .order_by(comments.c.id.desc())
    .limit(100)
)
_BY_AUTHOR = (  # scatter: a person's own list over all threads
    sa.select(comments)
    .where(
        comments.c.author_id == sa.bindparam("author"),
        sa.type_coerce(comments.c.id, sa.BigInteger) < _ID,
    )
    .order_by(comments.c.id.desc())
    .limit(sa.bindparam("most", type_=sa.Integer))
)
_MY_VOTES = sa.select(votes.c.comment_id).where(
    votes.c.thread_id == sa.bindparam("thread"), votes.c.account == sa.bindparam("account")
)
_REVISION = sa.select(revisions).where(
    revisions.c.thread_id == sa.bindparam("thread"),
    revisions.c.comment_id == sa.bindparam("id", type_=Id),
    revisions.c.number == sa.bindparam("number"),
)
_PAST = (
    sa.select(
        revisions.c.number,
        revisions.c.nodes,
        revisions.c.html,
        revisions.c.plain,
        revisions.c.published_at,
    )
    .where(
        revisions.c.thread_id == sa.bindparam("thread"),
        revisions.c.comment_id == sa.bindparam("id", type_=Id),
        revisions.c.published_at.is_not(None),
        revisions.c.state.in_(("published", "superseded")),
    )
    .order_by(revisions.c.number)
)
_WAITING = (
    sa.select(
        revisions.c.thread_id,
        revisions.c.comment_id,
        revisions.c.number,
        revisions.c.plain,
        revisions.c.verdict,
        comments.c.form,
        comments.c.author,
    )
    .select_from(
        revisions.join(
            comments,
            sa.and_(
                comments.c.thread_id == revisions.c.thread_id,
                comments.c.id == revisions.c.comment_id,
            ),
        )
    )
    .where(
        revisions.c.thread_id.in_(sa.bindparam("threads", expanding=True, type_=Id)),
        revisions.c.comment_id.in_(sa.bindparam("comments", expanding=True, type_=Id)),
    )
)
_STATES = (  # scatter: one person's counts, for the review desk
    sa.select(comments.c.state, sa.func.count().label("n"))
    .where(comments.c.author_id == sa.bindparam("author"))
    .group_by(comments.c.state)
)

_FIRST = {Order.NEWEST: (0, (1 << 63) - 1), Order.OLDEST: (0, 0), Order.TOP: (1 << 62, 0)}
"""Sort key and id before which nothing comes."""


class Listed(msgspec.Struct, frozen=True, kw_only=True):
    """One place in the public thread. JSON stays as it was stored."""

    id: CommentId
    state: State
    author: bytes
    archived: bool
    lang: str
    nodes: bytes | None
    """None: nothing is shown but a line that something was here."""
    html: str
    plain: str
    parts: bytes
    """JSON. Empty: none."""
    created_at: datetime
    edited_at: datetime | None
    votes: int
    replies: int
    parent: CommentId | None
    decision: str | None
    tombstone: Tombstone | None


class Waiting(msgspec.Struct, frozen=True, kw_only=True):
    """A revision as a line of the queue shows it."""

    form: Form
    author: Author
    plain: str
    verdict: bytes


class Past(msgspec.Struct, frozen=True, kw_only=True):
    """A revision that was public."""

    number: int
    nodes: bytes
    html: str
    plain: str
    published_at: datetime


class Slice(msgspec.Struct, frozen=True, kw_only=True):
    items: tuple[Listed, ...]
    next: str | None
    """Cursor of the page after. None: that was all."""


def list_roots(
    tx: sa.Connection, thread: ThreadId, order: Order, *, after: str | None, most: int
) -> Slice:
    """One page of first comments.

    Raises:
        BadCursor: not a cursor of this order.
    """
    key, last = _FIRST[order]
    if after is not None:
        cursor = Cursor.parse(after, order=order.value)
        key, last = cursor.key, cursor.id
    facts = {"thread": thread, "id": last, "key": key, "most": most + 1}
    if order is not Order.TOP:
        del facts["key"]
    rows = tx.execute(_IN_ORDER[order], facts).all()
    return _slice(rows, most, order.value)


def list_replies(
    tx: sa.Connection, thread: ThreadId, root: CommentId, *, after: str | None, most: int
) -> Slice:
    """One page of a branch, oldest first.

    Raises:
        BadCursor: not a cursor of a branch.
    """
    last = 0 if after is None else Cursor.parse(after, order="branch").id
    facts = {"thread": thread, "root": root, "id": last, "most": most + 1}
    return _slice(tx.execute(_REPLIES, facts).all(), most, "branch")


def find_shown(tx: sa.Connection, ref: CommentRef) -> tuple[Listed, CommentId | None] | None:
    """One place in the public thread, with the root of its branch (None: it is one)."""
    row = tx.execute(_ONE_SHOWN, {"thread": ref.thread, "id": ref.comment}).one_or_none()
    if row is None:
        return None
    return _listed(row), None if row.root_id == "0" else CommentId(row.root_id)


def count_published(tx: sa.Connection, thread: ThreadId) -> int:
    return tx.scalar(_TALLY, {"thread": thread}) or 0


def get(tx: sa.Connection, ref: CommentRef) -> Comment:
    """Raises NoSuchComment."""
    row = tx.execute(_ONE, {"thread": ref.thread, "id": ref.comment}).one_or_none()
    if row is None:
        raise NoSuchComment
    return comment_of(row)


def get_revision(tx: sa.Connection, ref: CommentRef, number: int) -> Revision:
    """Raises NoSuchComment."""
    facts = {"thread": ref.thread, "id": ref.comment, "number": number}
    row = tx.execute(_REVISION, facts).one_or_none()
    if row is None:
        raise NoSuchComment
    return revision_of(row)


def past_of(tx: sa.Connection, ref: CommentRef) -> list[Past]:
    """What was public of a contribution and is, or was replaced by its author. Oldest first.

    Whether a decision stands against one of them is not known here.
    """
    rows = tx.execute(_PAST, {"thread": ref.thread, "id": ref.comment})
    return [msgspec.convert(row, Past, from_attributes=True) for row in rows]


def waiting(
    tx: sa.Connection, wanted: Collection[tuple[CommentRef, int]]
) -> dict[tuple[CommentRef, int], Waiting]:
    """Many revisions at once, by contribution and number. What is not there is left out."""
    if not wanted:
        return {}
    facts = {
        "threads": sorted({ref.thread for ref, _ in wanted}),
        "comments": sorted({ref.comment for ref, _ in wanted}),
    }
    found = {
        (CommentRef(ThreadId(row.thread_id), CommentId(row.comment_id)), row.number): Waiting(
            form=Form(row.form),
            author=_author.decode(row.author),
            plain=row.plain,
            verdict=row.verdict,
        )
        for row in tx.execute(_WAITING, facts)
    }
    return {key: found[key] for key in wanted if key in found}


def states_of(tx: sa.Connection, author: AccountId) -> dict[State, int]:
    """How many contributions of a person are in each state."""
    return {State(row.state): row.n for row in tx.execute(_STATES, {"author": author})}


def mine(tx: sa.Connection, thread: ThreadId, author: AccountId) -> list[Comment]:
    """What a person wrote in a thread, newest first, a hundred at most."""
    rows = tx.execute(_MINE, {"thread": thread, "author": author})
    return [comment_of(row) for row in rows]


def written_by(
    tx: sa.Connection, author: AccountId, *, before: str | None, most: int = MOST
) -> list[Comment]:
    """What a person wrote anywhere, newest first. `before` is the id of the last one seen."""
    last = (1 << 63) - 1 if before is None else int(before)
    rows = tx.execute(_BY_AUTHOR, {"author": author, "id": last, "most": most})
    return [comment_of(row) for row in rows]


def votes_of(tx: sa.Connection, thread: ThreadId, account: AccountId) -> list[CommentId]:
    """What a person agrees with in a thread."""
    rows = tx.scalars(_MY_VOTES, {"thread": thread, "account": account})
    return [CommentId(comment) for comment in rows]


def _slice(rows: Any, most: int, order: str) -> Slice:
    items = tuple(_listed(row) for row in rows[:most])
    if len(rows) <= most:
        return Slice(items=items, next=None)
    return Slice(items=items, next=cursor_after(items[-1], order))


def cursor_after(last: Listed, order: str) -> str:
    """The cursor of the page that begins after `last`."""
    key = last.votes if order == Order.TOP.value else 0
    return str(Cursor(order=order, key=key, id=int(last.id)))


_UNSENT = sa.select(unsent.c.body).where(
    unsent.c.secret == sa.bindparam("secret"), unsent.c.at >= sa.bindparam("since")
)


def find_waiting(tx: sa.Connection, secret: str, *, now: datetime) -> Unsent | None:
    """An unsent text of the last day, by the digest of its secret."""
    body = tx.scalar(_UNSENT, {"secret": secret, "since": now - UNSENT})
    return None if body is None else msgspec.json.decode(body, type=Unsent)


_tombstone = msgspec.json.Decoder(Tombstone)
_author = msgspec.json.Decoder(Author)


def _listed(row: Any) -> Listed:
    return Listed(
        id=CommentId(row.id),
        state=State(row.state),
        author=row.author,
        archived=row.origin == Origin.ARCHIVE.value,
        lang=row.lang,
        nodes=row.nodes,
        html=row.html or "",
        plain=row.plain or "",
        parts=row.parts or b"",
        created_at=row.created_at,
        edited_at=row.edited_at,
        votes=row.votes,
        replies=row.replies,
        parent=None if row.parent_id is None else CommentId(row.parent_id),
        decision=row.decision_id,
        tombstone=None if row.tombstone is None else _tombstone.decode(row.tombstone),
    )
