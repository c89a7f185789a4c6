"""Comments for services that know neither decisions nor tombstones: what is public or waits."""

from array import array
from bisect import bisect_left
from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

import msgspec
import sqlalchemy as sa

from gentie.comments.model import Author
from gentie.comments.tables import comments, revisions
from gentie.kernel.ids import SiteId, ThreadId
from gentie.sites.tables import threads
from gentie.storage.schema import Id

GOES: Final = ("published", "held")
"""States of comments that go along; held ones as waiting."""
_AT_ONCE: Final = 500

_author = msgspec.json.Decoder(Author)

_THREADS = (  # scatter: a whole site on its way out
    sa.select(threads)
    .where(threads.c.site_id == sa.bindparam("site"))
    .order_by(threads.c.thread_id)
)
_IDS = (
    sa.select(comments.c.id, comments.c.parent_id, comments.c.state)
    .where(comments.c.thread_id == sa.bindparam("thread", type_=Id))
    .order_by(comments.c.id)
)
_TEXTS = (
    sa.select(
        comments.c.id,
        comments.c.state,
        comments.c.author,
        comments.c.votes,
        comments.c.created_at,
        revisions.c.source,
        revisions.c.html,
        revisions.c.created_at.label("changed_at"),
    )
    .join(
        revisions,
        sa.and_(
            revisions.c.thread_id == comments.c.thread_id,
            revisions.c.comment_id == comments.c.id,
            revisions.c.number
            == sa.case((comments.c.state == "held", comments.c.latest), else_=comments.c.revision),
        ),
    )
    .where(
        comments.c.thread_id == sa.bindparam("thread", type_=Id),
        comments.c.state.in_(GOES),
    )
    .order_by(comments.c.id)
)


class PlainThread(msgspec.Struct, frozen=True, kw_only=True):
    id: ThreadId
    number: int
    """From 1, in this file."""
    key: str
    title: str
    url: str
    """Empty: the site never said."""
    created_at: datetime


class PlainComment(msgspec.Struct, frozen=True, kw_only=True):
    number: int
    """From 1, unique in this file."""
    parent: int
    """What it answers, or the next above that goes along. 0: nothing."""
    author: str
    text: str
    """Restricted Markdown."""
    html: str
    created_at: datetime
    changed_at: datetime
    waits: bool
    votes: int


class Numbers:
    """Numbers for the comments of one file: 17 bytes for each of the thread at hand."""

    def __init__(self) -> None:
        self._before, self._ids = 0, array("q")
        self._parents, self._ranks = array("q"), array("i")

    def enter(self, rows: Iterator[Any]) -> None:
        """Number the comments of the next thread."""
        self._before += max(self._ranks, default=0)
        self._ids, self._parents, self._ranks = array("q"), array("q"), array("i")
        rank = 0
        for row in rows:
            goes = row.state in GOES
            rank += goes
            self._ids.append(int(row.id))
            self._parents.append(int(row.parent_id or 0))
            self._ranks.append(rank if goes else 0)

    def of(self, comment: str) -> int:
        return self._before + self._ranks[bisect_left(self._ids, int(comment))]

    def above(self, comment: str) -> int:
        """The number of the nearest one above that goes along. 0: there is none."""
        at, steps = bisect_left(self._ids, int(comment)), 0
        while (parent := self._parents[at]) and steps < len(self._ids):
            at, steps = bisect_left(self._ids, parent), steps + 1
            if at == len(self._ids) or self._ids[at] != parent:
                return 0
            if self._ranks[at]:
                return self._before + self._ranks[at]
        return 0


def plain_threads(
    tx: sa.Connection, site: SiteId
) -> Iterator[tuple[PlainThread, Iterator[PlainComment]]]:
    """Each thread with its comments, read as they are asked for: finish one, then go on."""
    numbers = Numbers()
    found = tx.execute(_THREADS, {"site": site}, execution_options={"yield_per": _AT_ONCE})
    for count, row in enumerate(found, 1):
        thread = PlainThread(
            id=row.thread_id,
            number=count,
            key=row.key,
            title=row.title,
            url=row.url,
            created_at=row.created_at,
        )
        yield thread, _comments(tx, thread, numbers)


def _comments(tx: sa.Connection, thread: PlainThread, numbers: Numbers) -> Iterator[PlainComment]:
    facts, streamed = {"thread": thread.id}, {"yield_per": _AT_ONCE}
    numbers.enter(iter(tx.execute(_IDS, facts, execution_options=streamed)))
    for row in tx.execute(_TEXTS, facts, execution_options=streamed):
        yield PlainComment(
            number=numbers.of(row.id),
            parent=numbers.above(row.id),
            author=_author.decode(row.author).name,
            text=row.source,
            html=row.html,
            created_at=row.created_at,
            changed_at=row.changed_at,
            waits=row.state == "held",
            votes=row.votes,
        )
