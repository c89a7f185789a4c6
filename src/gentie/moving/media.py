"""Pictures, audio and video on their way out and back, with their bytes."""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, Final

import msgspec
import sqlalchemy as sa

from gentie.kernel.ids import SiteId
from gentie.media.model import Facts, Variant
from gentie.media.tables import attachments
from gentie.moving.file import BadFile
from gentie.moving.records.format import Record
from gentie.moving.records.media import BytesRecord, MediaRecord

PIECE: Final = 3 << 20
"""Bytes in one line."""
Fetch = Callable[[str], bytes]
"""The bytes of a form, by their digest. Called in a thread."""
Put = Callable[[str, Path], None]
"""Keeps a file under its digest."""

_OF_SITE = (
    sa.select(attachments)
    .where(attachments.c.site == sa.bindparam("site"), attachments.c.comment.is_not(None))
    .order_by(attachments.c.thread, attachments.c.comment, attachments.c.created_at)
)
_facts = msgspec.json.Decoder(Facts)
_variants = msgspec.json.Decoder(tuple[Variant, ...])


def media_of(tx: sa.Connection, site: SiteId, fetch: Fetch) -> Iterator[MediaRecord | BytesRecord]:
    """What comments of a site have taken along, then the bytes of each form once."""
    needed = set[str]()
    for row in tx.execute(_OF_SITE, {"site": site}).all():
        record = _record(row)
        needed |= {one.sha256 for one in record.variants}
        yield record
    for digest in sorted(needed):
        yield from _pieces(digest, fetch(digest))


class Unpacking:
    """Takes the bytes out of what is read, and keeps each form once it is whole and true.

    `folder` is empty, and cleared away by the caller.
    """

    def __init__(self, put: Put, folder: Path) -> None:
        self._put, self._part = put, folder / "part"

    def without_bytes(self, records: Iterable[Record]) -> Iterator[Record]:
        """Everything but the bytes. Raises BadFile: they are not what they are said to be."""
        self._part.unlink(missing_ok=True)
        for record in records:
            if isinstance(record, BytesRecord):
                self._take(record)
            else:
                yield record
        if self._part.exists():
            raise BadFile("the bytes of a file are not all there")

    def _take(self, record: BytesRecord) -> None:
        with self._part.open("ab") as file:
            file.write(record.data)
        if not record.last:
            return
        with self._part.open("rb") as file:
            if hashlib.file_digest(file, "sha256").hexdigest() != record.sha256:
                raise BadFile("the bytes of a file are not what they are said to be")
        self._put(record.sha256, self._part)
        self._part.unlink()


def _record(row: Any) -> MediaRecord:
    return MediaRecord(
        id=row.id,
        account=row.account,
        thread=row.thread,
        comment=row.comment,
        what=row.kind,
        state=row.state,
        size=row.size,
        sha256=row.sha256,
        alt=row.alt,
        transcript=row.transcript,
        text=row.text,
        facts=_facts.decode(row.facts),
        variants=_variants.decode(row.variants),
        verdict=msgspec.Raw(row.verdict),
        tries=row.tries,
        created_at=row.created_at,
    )


def _pieces(digest: str, content: bytes) -> Iterator[BytesRecord]:
    for start in range(0, len(content), PIECE):
        piece = content[start : start + PIECE]
        yield BytesRecord(sha256=digest, data=piece, last=start + PIECE >= len(content))
