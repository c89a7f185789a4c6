"""What was published last, in one thread or all over a site: for feeds and short lists."""

from datetime import datetime
from typing import Any

import msgspec
import sqlalchemy as sa

from gentie.comments.model import Author
from gentie.comments.parts import Part
from gentie.comments.tables import ONCE_PUBLIC, comments, tallies
from gentie.kernel.ids import CommentId, CommentRef, SiteId, ThreadId
from gentie.storage.schema import Id

_WHAT = sa.select(
    comments.c.thread_id,
    comments.c.id,
    comments.c.parent_id,
    comments.c.author,
    comments.c.lang,
    comments.c.html,
    comments.c.plain,
    comments.c.parts,
    comments.c.published_at,
    comments.c.edited_at,
    comments.c.hidden_at,
)
_NEWEST = (comments.c.published_at.desc(), comments.c.id.desc())
_MOST: sa.BindParameter[int] = sa.bindparam("most", type_=sa.Integer)
_IN_THREADS = sa.text(ONCE_PUBLIC)
_OF_SITE = sa.and_(comments.c.site_id == sa.bindparam("site"), _IN_THREADS)
_OF_THREAD = sa.and_(comments.c.thread_id == sa.bindparam("thread"), _IN_THREADS)
_IN_SITE = _WHAT.where(_OF_SITE).order_by(*_NEWEST).limit(_MOST)  # scatter: a site's own feed
_IN_THREAD = _WHAT.where(_OF_THREAD).order_by(*_NEWEST).limit(_MOST)
_SHOWN_IN_SITE = (  # scatter: the newest of a site
    _WHAT.where(_OF_SITE, comments.c.hidden_at.is_(None)).order_by(*_NEWEST).limit(_MOST)
)
_TALLIES = sa.select(tallies.c.thread_id, tallies.c.published).where(
    tallies.c.thread_id.in_(sa.bindparam("threads", expanding=True, type_=Id))
)

_author = msgspec.json.Decoder(Author)
_parts = msgspec.json.Decoder(tuple[Part, ...])


class Latest(msgspec.Struct, frozen=True, kw_only=True):
    """A contribution that is public, or was."""

    ref: CommentRef
    parent: CommentRef | None
    author: Author
    lang: str
    html: str
    """Empty when it is hidden."""
    plain: str
    parts: tuple[Part, ...]
    published_at: datetime
    edited_at: datetime | None
    hidden_at: datetime | None
    """When it was removed or withdrawn. None: it is public."""


def of_thread(tx: sa.Connection, thread: ThreadId, *, most: int) -> list[Latest]:
    """Newest first, with those that were hidden again."""
    return _all(tx, _IN_THREAD, thread=thread, most=most)


def of_site(tx: sa.Connection, site: SiteId, *, most: int) -> list[Latest]:
    """Newest first, with those that were hidden again."""
    return _all(tx, _IN_SITE, site=site, most=most)


def shown_of_site(tx: sa.Connection, site: SiteId, *, most: int) -> list[Latest]:
    """Newest first, only what is public."""
    return _all(tx, _SHOWN_IN_SITE, site=site, most=most)


def counts_of(tx: sa.Connection, threads: list[ThreadId]) -> dict[ThreadId, int]:
    """How many contributions are public. A thread that never had one is left out."""
    rows = tx.execute(_TALLIES, {"threads": threads})
    return {ThreadId(row.thread_id): row.published for row in rows}


def _all(tx: sa.Connection, statement: sa.Select[Any], **facts: object) -> list[Latest]:
    return [_latest(row) for row in tx.execute(statement, facts)]


def _latest(row: Any) -> Latest:
    thread = ThreadId(row.thread_id)
    return Latest(
        ref=CommentRef(thread, CommentId(row.id)),
        parent=None if row.parent_id is None else CommentRef(thread, CommentId(row.parent_id)),
        author=_author.decode(row.author),
        lang=row.lang,
        html=row.html or "",
        plain=row.plain or "",
        parts=_parts.decode(row.parts) if row.parts else (),
        published_at=row.published_at,
        edited_at=row.edited_at,
        hidden_at=row.hidden_at,
    )
