"""The words of contributions that stand elsewhere: over a video, not in the thread."""

from collections.abc import Sequence
from datetime import datetime

import msgspec
import sqlalchemy as sa

from gentie.comments.model import Author, Origin, State
from gentie.comments.tables import comments
from gentie.kernel.ids import CommentId, ThreadId
from gentie.storage.schema import Id

_AT_ONCE = 500
_WORDS = sa.select(
    comments.c.id,
    comments.c.author,
    comments.c.origin,
    comments.c.plain,
    comments.c.lang,
    comments.c.created_at,
).where(
    comments.c.thread_id == sa.bindparam("thread", type_=Id),
    comments.c.id.in_(sa.bindparam("ids", expanding=True, type_=Id)),
    comments.c.state == State.PUBLISHED.value,
)

_author = msgspec.json.Decoder(Author)


class Words(msgspec.Struct, frozen=True, kw_only=True):
    author: Author
    archived: bool
    text: str
    lang: str
    written_at: datetime


def words_of(
    tx: sa.Connection, thread: ThreadId, ids: Sequence[CommentId]
) -> dict[CommentId, Words]:
    """By id. What is not public is left out."""
    found: dict[CommentId, Words] = {}
    for first in range(0, len(ids), _AT_ONCE):
        part = list(ids[first : first + _AT_ONCE])
        for row in tx.execute(_WORDS, {"thread": thread, "ids": part}):
            found[CommentId(row.id)] = Words(
                author=_author.decode(row.author),
                archived=row.origin == Origin.ARCHIVE.value,
                text=row.plain or "",
                lang=row.lang,
                written_at=row.created_at,
            )
    return found
