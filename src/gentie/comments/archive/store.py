"""The SQL of imported archives that writes or locks."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from gentie.comments.model import (
    ArchiveBatch,
    BatchApproval,
    BatchRefusal,
    Form,
    NoSuchBatch,
    RevisionState,
    State,
)
from gentie.comments.rows import batch_of
from gentie.comments.rules import stands_in_thread
from gentie.comments.tables import (
    archive_batches,
    archive_sources,
    comments,
    revisions,
    tallies,
)
from gentie.kernel.ids import CommentId, CommentRef, LeafId, SiteId, ThreadId
from gentie.storage.prepared import Prepared
from gentie.storage.schema import Id

_ADD_SOURCE = Prepared(archive_sources.insert())
_LEFT = (
    sa.select(archive_sources)
    .where(archive_sources.c.batch == sa.bindparam("batch", type_=Id), archive_sources.c.waits > 0)
    .order_by(archive_sources.c.waits, archive_sources.c.thread_id, archive_sources.c.comment_id)
    .limit(sa.bindparam("most", type_=sa.Integer))
)
_COUNT_LEFT = sa.select(sa.func.count()).where(
    archive_sources.c.batch == sa.bindparam("batch", type_=Id), archive_sources.c.waits > 0
)
_WAITING = (
    sa.select(archive_sources)
    .where(archive_sources.c.batch == sa.bindparam("batch", type_=Id), archive_sources.c.waits == 1)
    .order_by(archive_sources.c.thread_id, archive_sources.c.comment_id)
    .limit(sa.bindparam("most", type_=sa.Integer))
)
_COUNT_WAITING = sa.select(sa.func.count()).where(
    archive_sources.c.batch == sa.bindparam("batch", type_=Id), archive_sources.c.waits == 1
)
_WAITS_NO_MORE = Prepared(
    archive_sources.update()
    .where(
        archive_sources.c.site_id == sa.bindparam("b_site"),
        archive_sources.c.source == sa.bindparam("b_source"),
        archive_sources.c.source_id == sa.bindparam("b_id"),
    )
    .values(waits=0)
)
_HELD = (
    sa.select(
        comments.c.thread_id,
        comments.c.id,
        comments.c.root_id,
        comments.c.form,
        comments.c.created_at,
        revisions.c.number,
        revisions.c.nodes,
        revisions.c.html,
        revisions.c.plain,
    )
    .join(
        revisions,
        sa.and_(
            revisions.c.thread_id == comments.c.thread_id,
            revisions.c.comment_id == comments.c.id,
            revisions.c.number == comments.c.latest,
        ),
    )
    .where(
        comments.c.thread_id == sa.bindparam("thread", type_=Id),
        comments.c.id.in_(sa.bindparam("ids", expanding=True, type_=Id)),
        comments.c.state == State.HELD.value,
    )
    .with_for_update()
)
_COMMENT_HERE = sa.and_(
    comments.c.thread_id == sa.bindparam("b_thread", type_=Id),
    comments.c.id == sa.bindparam("b_id", type_=Id),
)
_SHOW = Prepared(
    comments.update()
    .where(_COMMENT_HERE)
    .values(
        state=State.PUBLISHED.value,
        shown=sa.bindparam("b_shown"),
        revision=sa.bindparam("b_number"),
        nodes=sa.bindparam("b_nodes"),
        html=sa.bindparam("b_html"),
        plain=sa.bindparam("b_plain"),
        published_at=sa.bindparam("b_at"),
    )
)
_REPLIES = Prepared(
    comments.update().where(_COMMENT_HERE).values(replies=comments.c.replies + sa.bindparam("b_by"))
)
_REVISION = Prepared(
    revisions.update()
    .where(
        revisions.c.thread_id == sa.bindparam("b_thread", type_=Id),
        revisions.c.comment_id == sa.bindparam("b_id", type_=Id),
        revisions.c.number == sa.bindparam("b_number"),
    )
    .values(state=RevisionState.PUBLISHED.value, published_at=sa.bindparam("b_at"))
)
_OPEN_BATCH = (
    sa.select(archive_batches)
    .where(
        archive_batches.c.site_id == sa.bindparam("site"),
        archive_batches.c.source == sa.bindparam("source"),
        archive_batches.c.approved_at.is_(None),
        archive_batches.c.refused_at.is_(None),
    )
    .order_by(archive_batches.c.id)
    .limit(1)
    .with_for_update()
)
_GET_BATCH = (
    sa.select(archive_batches)
    .where(archive_batches.c.id == sa.bindparam("batch", type_=Id))
    .with_for_update()
)
_ADD_BATCH = archive_batches.insert()
_DECIDE = archive_batches.update().where(archive_batches.c.id == sa.bindparam("b_batch", type_=Id))


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


class Source(msgspec.Struct, frozen=True, kw_only=True):
    """Which comment of an archive became which contribution."""

    source_id: str
    ref: CommentRef
    waits: bool
    """For the decision on its batch."""
    votes: int | None
    """What the old service had counted. None: it did not."""


def add_sources(tx: sa.Connection, batch: ArchiveBatch, made: Sequence[Source]) -> None:
    rows = [
        {
            "site_id": batch.site,
            "source": batch.source,
            "source_id": one.source_id,
            "thread_id": one.ref.thread,
            "comment_id": one.ref.comment,
            "batch": batch.id,
            "waits": 1 if one.waits else 2,
            "votes": one.votes,
        }
        for one in made
    ]
    _ADD_SOURCE.many(tx, rows)


def take_waiting(tx: sa.Connection, batch: ArchiveBatch, *, most: int) -> list[CommentRef]:
    """Up to `most` contributions that wait for the decision on their batch; they do no more."""
    return _take(tx, _WAITING, batch, most=most)


def take_left(tx: sa.Connection, batch: ArchiveBatch, *, most: int) -> list[CommentRef]:
    """Like `take_waiting`, with those that a person was to look at by themselves."""
    return _take(tx, _LEFT, batch, most=most)


def count_left(tx: sa.Connection, batch: ArchiveBatch) -> int:
    return tx.scalar(_COUNT_LEFT, {"batch": batch.id}) or 0


def _take(
    tx: sa.Connection, which: sa.Select[Any], batch: ArchiveBatch, *, most: int
) -> list[CommentRef]:
    rows = tx.execute(which, {"batch": batch.id, "most": most}).all()
    done = [{"b_site": r.site_id, "b_source": r.source, "b_id": r.source_id} for r in rows]
    _WAITS_NO_MORE.many(tx, done)
    return [CommentRef(ThreadId(row.thread_id), CommentId(row.comment_id)) for row in rows]


def publish_held(
    tx: sa.Connection, thread: ThreadId, ids: Sequence[CommentId], *, now: datetime
) -> list[CommentId]:
    """Make those of a thread's contributions public that are held, as of when they were written.

    Returns which these were.
    """
    rows = tx.execute(_HELD, {"thread": thread, "ids": list(ids)}).all()
    if not rows:
        return []
    _SHOW.many(tx, [_shown(row) for row in rows])
    _REVISION.many(tx, [_published(row) for row in rows])
    counted = sum(_in_thread(row) for row in rows)
    tally = {"thread_id": thread, "published": counted, "changed_at": now}
    tx.execute(_TALLY[tx.dialect.name], tally)
    answers = Counter(row.root_id for row in rows if row.root_id != "0")
    grown = [{"b_thread": thread, "b_id": root, "b_by": n} for root, n in answers.items()]
    _REPLIES.many(tx, grown)
    return [CommentId(row.id) for row in rows]


def _in_thread(row: Any) -> bool:
    return stands_in_thread(Form(row.form))


def _shown(row: Any) -> dict[str, Any]:
    content = {"b_nodes": row.nodes, "b_html": row.html, "b_plain": row.plain}
    return {**_published(row), **content, "b_shown": int(_in_thread(row))}


def _published(row: Any) -> dict[str, Any]:
    return {
        "b_thread": row.thread_id,
        "b_id": row.id,
        "b_number": row.number,
        "b_at": row.created_at,
    }


def count_waiting(tx: sa.Connection, batch: ArchiveBatch) -> int:
    return tx.scalar(_COUNT_WAITING, {"batch": batch.id}) or 0


def find_open_batch(tx: sa.Connection, site: SiteId, source: str) -> ArchiveBatch | None:
    """The batch of an archive that has not been decided on, locked."""
    row = tx.execute(_OPEN_BATCH, {"site": site, "source": source}).one_or_none()
    return None if row is None else batch_of(row)


def get_batch(tx: sa.Connection, batch: str) -> ArchiveBatch:
    """Load and lock a batch. Raises NoSuchBatch."""
    row = tx.execute(_GET_BATCH, {"batch": batch}).one_or_none()
    if row is None:
        raise NoSuchBatch
    return batch_of(row)


def add_batch(tx: sa.Connection, batch: ArchiveBatch) -> None:
    row = {
        "id": batch.id,
        "site_id": batch.site,
        "source": batch.source,
        "by": batch.by,
        "opened_at": batch.opened_at,
    }
    tx.execute(_ADD_BATCH, row)


def approve_batch(tx: sa.Connection, approval: BatchApproval, *, salt: bytes, leaf: LeafId) -> None:
    row = {
        "b_batch": approval.batch,
        "approved_at": approval.at,
        "approved_by": approval.by,
        "approved_role": approval.by_role,
        "salt": salt,
        "leaf": leaf,
    }
    tx.execute(_DECIDE, row)


def refuse_batch(tx: sa.Connection, refusal: BatchRefusal, *, salt: bytes, leaf: LeafId) -> None:
    row = {
        "b_batch": refusal.batch,
        "refused_at": refusal.at,
        "refusal": msgspec.json.encode(refusal, order="sorted"),
        "salt": salt,
        "leaf": leaf,
    }
    tx.execute(_DECIDE, row)
