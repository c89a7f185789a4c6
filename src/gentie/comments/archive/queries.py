"""Reading imported batches: what waits for a decision, and a look into it."""

from collections.abc import Collection

import sqlalchemy as sa

from gentie.comments.model import ArchiveBatch, BatchNumbers
from gentie.comments.rows import batch_of
from gentie.comments.tables import archive_batches, archive_sources
from gentie.kernel.ids import CommentId, CommentRef, SiteId, ThreadId
from gentie.storage.schema import Id

_OPEN = (
    sa.select(archive_batches)
    .where(
        sa.or_(
            sa.bindparam("site", type_=sa.Text).is_(None),
            archive_batches.c.site_id == sa.bindparam("site"),
        ),
        archive_batches.c.approved_at.is_(None),
        archive_batches.c.refused_at.is_(None),
    )
    .order_by(archive_batches.c.id)
)
_UNFINISHED = (
    sa.select(archive_batches.c.id)
    .where(
        archive_batches.c.site_id == sa.bindparam("site"),
        archive_batches.c.source.in_(sa.bindparam("sources", expanding=True)),
        archive_batches.c.refused_at.is_(None),
        sa.exists().where(
            archive_sources.c.batch == archive_batches.c.id, archive_sources.c.waits == 1
        ),
    )
    .order_by(archive_batches.c.id)
)
_NUMBERS = (
    sa.select(archive_sources.c.waits, sa.func.count().label("n"))
    .where(archive_sources.c.batch == sa.bindparam("batch", type_=Id))
    .group_by(archive_sources.c.waits)
)
_SAMPLE = (
    sa.select(archive_sources.c.thread_id, archive_sources.c.comment_id)
    .where(archive_sources.c.batch == sa.bindparam("batch", type_=Id), archive_sources.c.waits == 1)
    .order_by(archive_sources.c.comment_id)
    .limit(sa.bindparam("most", type_=sa.Integer))
)

_SOURCES = sa.select(
    archive_sources.c.source_id, archive_sources.c.thread_id, archive_sources.c.comment_id
).where(
    archive_sources.c.site_id == sa.bindparam("site"),
    archive_sources.c.source == sa.bindparam("source"),
    archive_sources.c.source_id.in_(sa.bindparam("ids", expanding=True)),
)


def open_batches(tx: sa.Connection, site: SiteId | None) -> list[ArchiveBatch]:
    """What nobody has decided on, oldest first. None: of all sites."""
    return [batch_of(row) for row in tx.execute(_OPEN, {"site": site})]


def unfinished_batches(tx: sa.Connection, site: SiteId, sources: Collection[str]) -> list[str]:
    """Batches of these archives of which something still waits for a decision, or to follow one."""
    facts = {"site": site, "sources": [*sources]}
    return list(tx.scalars(_UNFINISHED, facts))


def numbers_of(tx: sa.Connection, batch: str) -> BatchNumbers:
    found = {row.waits: row.n for row in tx.execute(_NUMBERS, {"batch": batch})}
    return BatchNumbers(waiting=found.get(1, 0), for_review=found.get(2, 0))


def sample_of(tx: sa.Connection, batch: str, *, most: int) -> list[CommentRef]:
    """The oldest of what the decision publishes."""
    rows = tx.execute(_SAMPLE, {"batch": batch, "most": most})
    return [CommentRef(ThreadId(row.thread_id), CommentId(row.comment_id)) for row in rows]


def known_sources(
    tx: sa.Connection, site: SiteId, source: str, ids: list[str]
) -> dict[str, CommentRef]:
    """What has become of comments of an archive, for those that were imported before."""
    rows = tx.execute(_SOURCES, {"site": site, "source": source, "ids": ids})
    return {
        row.source_id: CommentRef(ThreadId(row.thread_id), CommentId(row.comment_id))
        for row in rows
    }
