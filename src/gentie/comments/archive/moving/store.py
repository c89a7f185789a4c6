"""The SQL that moves imported comments between threads.

A row's thread never changes (it is what databases are spread by), so rows are written anew.
"""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from gentie.comments.model import Origin, State
from gentie.comments.store import last_id_between
from gentie.comments.tables import archive_sources, comments, revisions, tallies, votes
from gentie.kernel.ids import CommentId, CommentRef, ThreadId
from gentie.storage.schema import Id

_IN = comments.c.thread_id == sa.bindparam("thread", type_=Id)
_LOOKED_AT = sa.exists().where(
    archive_sources.c.thread_id == comments.c.thread_id,
    archive_sources.c.comment_id == comments.c.id,
    archive_sources.c.waits == 2,  # noqa: PLR2004 waits for a person, see the table
)
_VOTED = sa.exists().where(
    votes.c.thread_id == comments.c.thread_id, votes.c.comment_id == comments.c.id
)
_COUNT_FIXED = sa.select(sa.func.count()).where(
    _IN,
    sa.or_(
        comments.c.origin != Origin.ARCHIVE.value,
        comments.c.state.not_in([State.HELD.value, State.PUBLISHED.value]),
        comments.c.decision_id.is_not(None),
        comments.c.latest != 1,
        comments.c.author_id.not_like("archive:%"),
        sa.and_(comments.c.state == State.HELD.value, _LOOKED_AT),
        _VOTED,
    ),
)
_COUNT = sa.select(sa.func.count()).where(_IN)
_ROOTS = (
    sa.select(comments.c.id, comments.c.replies)
    .where(_IN, comments.c.root_id == "0")
    .order_by(comments.c.id)
    .limit(sa.bindparam("most", type_=sa.Integer))
)
_BRANCHES = (
    sa.select(comments)
    .where(
        _IN,
        sa.or_(
            comments.c.id.in_(sa.bindparam("roots", expanding=True, type_=Id)),
            comments.c.root_id.in_(sa.bindparam("roots", expanding=True, type_=Id)),
        ),
    )
    .order_by(comments.c.id)
    .with_for_update()
)
_THESE = sa.bindparam("ids", expanding=True, type_=Id)
_REVISIONS = sa.select(revisions).where(
    revisions.c.thread_id == sa.bindparam("thread", type_=Id), revisions.c.comment_id.in_(_THESE)
)
_DROP = comments.delete().where(_IN, comments.c.id.in_(_THESE))
_DROP_REVISIONS = revisions.delete().where(
    revisions.c.thread_id == sa.bindparam("thread", type_=Id), revisions.c.comment_id.in_(_THESE)
)
_ADD = comments.insert()
_ADD_REVISIONS = revisions.insert()
_SOURCE = (
    archive_sources.update()
    .where(
        archive_sources.c.thread_id == sa.bindparam("b_thread", type_=Id),
        archive_sources.c.comment_id == sa.bindparam("b_id", type_=Id),
    )
    .values(thread_id=sa.bindparam("b_to", type_=Id), comment_id=sa.bindparam("b_new", type_=Id))
)


def _tallied(insert: sqlite.Insert | postgresql.Insert) -> sa.Executable:
    return insert.on_conflict_do_update(
        index_elements=[tallies.c.thread_id],
        set_={
            "published": tallies.c.published + insert.excluded.published,
            "changed_at": insert.excluded.changed_at,
        },
    )


_TALLY = {
    "sqlite": _tallied(sqlite.insert(tallies)),
    "postgresql": _tallied(postgresql.insert(tallies)),
}


def count_fixed(tx: sa.Connection, thread: ThreadId) -> int:
    """How many contributions of a thread have to stay in it."""
    return tx.scalar(_COUNT_FIXED, {"thread": thread}) or 0


def count_in(tx: sa.Connection, thread: ThreadId) -> int:
    return tx.scalar(_COUNT, {"thread": thread}) or 0


def next_branches(tx: sa.Connection, thread: ThreadId, *, most: int) -> list[Any]:
    """The rows of the oldest branches, some `most` of them, whole branches only."""
    roots, size = [], 0
    for row in tx.execute(_ROOTS, {"thread": thread, "most": most}).all():
        roots.append(row.id)
        size += 1 + row.replies
        if size >= most:
            break
    if not roots:
        return []
    return list(tx.execute(_BRANCHES, {"thread": thread, "roots": roots}).all())


def refs_of(rows: list[Any]) -> list[CommentRef]:
    return [CommentRef(ThreadId(row.thread_id), CommentId(row.id)) for row in rows]


def move(tx: sa.Connection, rows: list[Any], to: ThreadId, *, now: datetime) -> None:
    """Write branches anew in another thread; ids change only where that has taken them."""
    if not rows:
        return
    thread = ThreadId(rows[0].thread_id)
    ids = _new_ids(tx, rows, to)
    facts = {"thread": thread, "ids": [*ids]}
    old = tx.execute(_REVISIONS, facts).mappings().all()
    tx.execute(_DROP_REVISIONS, facts)
    tx.execute(_DROP, facts)
    tx.execute(_ADD, [_moved(row, ids, to) for row in rows])
    if old:
        new = [{**one, "thread_id": to, "comment_id": ids[one["comment_id"]]} for one in old]
        tx.execute(_ADD_REVISIONS, new)
    sources = [{"b_thread": thread, "b_id": a, "b_to": to, "b_new": b} for a, b in ids.items()]
    tx.execute(_SOURCE, sources)
    published = sum(row.state == State.PUBLISHED.value for row in rows)
    for where, by in ((thread, -published), (to, published)):
        tally = {"thread_id": where, "published": by, "changed_at": now}
        tx.execute(_TALLY[tx.dialect.name], tally)


def _moved(row: Any, ids: dict[str, str], to: ThreadId) -> dict[str, Any]:
    values = dict(row._mapping)  # noqa: SLF001 how SQLAlchemy gives all columns of a row
    return {
        **values,
        "thread_id": to,
        "id": ids[row.id],
        "parent_id": None if row.parent_id is None else ids[row.parent_id],
        "root_id": "0" if row.root_id == "0" else ids[row.root_id],
    }


def _new_ids(tx: sa.Connection, rows: list[Any], to: ThreadId) -> dict[str, str]:
    """Still of the original millisecond, so that the order by id stays the order by time."""
    last: dict[int, int] = {}
    found = {}
    for row in rows:
        first = int(row.id) >> 22 << 22
        if first not in last:
            used = last_id_between(tx, to, str(first), str(first | (1 << 22) - 1))
            last[first] = int(used) if used else 0
        last[first] = max(int(row.id), last[first] + 1)
        found[row.id] = str(last[first])
    return found
