"""What a chief editor sees of imports that wait for their one decision."""

from datetime import datetime

import msgspec
import sqlalchemy as sa

from gentie.comments import queries as comments
from gentie.comments.archive import queries as archive
from gentie.comments.model import ArchiveBatch, BatchNumbers
from gentie.kernel.actor import Actor
from gentie.kernel.ids import CommentRef

SAMPLED = 8


class Sampled(msgspec.Struct, frozen=True, kw_only=True):
    ref: CommentRef
    author: str
    text: str
    created_at: datetime


class BatchRecord(msgspec.Struct, frozen=True, kw_only=True):
    batch: ArchiveBatch
    numbers: BatchNumbers
    sample: tuple[Sampled, ...]


def load_imports(tx: sa.Connection, *, acting: Actor) -> tuple[BatchRecord, ...]:
    """Batches that nobody has decided on, oldest first, of this person's site. Raises MayNot."""
    acting.require("archive:approve")
    return tuple(_record(tx, one) for one in archive.open_batches(tx, acting.site))


def _record(tx: sa.Connection, batch: ArchiveBatch) -> BatchRecord:
    sample = archive.sample_of(tx, batch.id, most=SAMPLED)
    return BatchRecord(
        batch=batch,
        numbers=archive.numbers_of(tx, batch.id),
        sample=tuple(_sampled(tx, ref) for ref in sample),
    )


def _sampled(tx: sa.Connection, ref: CommentRef) -> Sampled:
    comment = comments.get(tx, ref)
    return Sampled(
        ref=ref,
        author=comment.author.name,
        text=comments.get_revision(tx, ref, comment.latest).plain,
        created_at=comment.created_at,
    )
