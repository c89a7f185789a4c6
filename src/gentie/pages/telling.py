"""What those who follow a thread are told: read from the database at that moment, never queued.

Whatever an event was sent for, it tells how things stand when it is carried out. So a late or
repeated message about a comment that has been removed meanwhile tells of the removal.
"""

import asyncio
from datetime import datetime
from functools import partial

import msgspec
import sqlalchemy as sa

from gentie.actions.place import Change
from gentie.comments import queries
from gentie.kernel.clock import Clock
from gentie.kernel.ids import CommentId, CommentRef, SiteId, ThreadId
from gentie.pages.streams import LARGEST, Place, Stream, Streams
from gentie.pages.telling_lines import LineTeller
from gentie.pages.views import CommentView, PlaceView, load_place
from gentie.storage.db import Database

COUNTING = 1.0
"""Seconds within which votes are told together."""


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """A thread has changed, as the act that did it says."""

    place: Place
    thread: ThreadId
    change: Change
    comment: CommentId | None
    """None: not one comment, but the thread as a whole."""


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """What `new` and `changed` carry."""

    count: int
    comment: PlaceView
    root: str | None


class Gone(msgspec.Struct, frozen=True, kw_only=True):
    """What `removed` carries."""

    count: int
    id: str
    comment: PlaceView | None
    """The tombstone. None: nothing stands in its place."""
    root: str | None


class Counted(msgspec.Struct, frozen=True, kw_only=True):
    """What `counts` carries."""

    count: int
    votes: dict[str, int]


class Teller:
    """Tells the followers of one process. Belongs to its event loop."""

    def __init__(self, db: Database, streams: Streams, *, clock: Clock) -> None:
        self._db, self._streams, self._clock = db, streams, clock
        self.lines = LineTeller(db, streams, clock=clock)
        self._voted: dict[Stream, set[CommentRef]] = {}
        self._counting: set[asyncio.Task[None]] = set()

    async def tell(self, told: Told) -> None:
        """Tell those who follow the thread, if anybody does."""
        stream = self._streams.find(told.place)
        if stream is None:
            return
        if told.comment is None:
            self._streams.read_again(stream)
        elif told.change is Change.COUNTED:
            self._count(stream, CommentRef(told.thread, told.comment))
        else:
            await self._tell_of(stream, CommentRef(told.thread, told.comment), told.change)

    def tell_site(self, site: SiteId) -> None:
        """Something about all threads of a site has changed."""
        for stream in self._streams.of_site(site):
            self._streams.read_again(stream)

    async def _tell_of(self, stream: Stream, ref: CommentRef, change: Change) -> None:
        async with stream.telling:
            event, data = await self._db.read(
                partial(load_event, ref=ref, change=change, now=self._clock())
            )
            if len(msgspec.json.encode(data)) > LARGEST:
                self._streams.read_again(stream)
            else:
                self._streams.record(stream, event, data, about=str(ref))

    def _count(self, stream: Stream, ref: CommentRef) -> None:
        waiting = self._voted.setdefault(stream, set())
        waiting.add(ref)
        if len(waiting) == 1:
            task = asyncio.create_task(self._tell_counts(stream))
            self._counting.add(task)
            task.add_done_callback(self._counting.discard)

    async def _tell_counts(self, stream: Stream) -> None:
        await asyncio.sleep(COUNTING)
        refs = self._voted.pop(stream)
        async with stream.telling:
            counted = await self._db.read(partial(load_counts, refs=refs))
            self._streams.record(stream, "counts", counted)


def load_event(
    tx: sa.Connection, ref: CommentRef, change: Change, *, now: datetime
) -> tuple[str, Shown | Gone]:
    """The name of an event about one comment, and what it carries.

    Raises:
        NoSuchComment, NoSuchThread.
    """
    found = load_place(tx, ref, now=now)
    if isinstance(found.view, CommentView):
        shown = Shown(count=found.count, comment=found.view, root=found.root)
        return ("new" if change is Change.NEW else "changed"), shown
    gone = Gone(count=found.count, id=str(ref), comment=found.view, root=found.root)
    return "removed", gone


def load_counts(tx: sa.Connection, refs: set[CommentRef]) -> Counted:
    """Votes of comments that are public."""
    (thread,) = {ref.thread for ref in refs}
    shown = ((ref, queries.find_shown(tx, ref)) for ref in sorted(refs, key=str))
    votes = {str(ref): one[0].votes for ref, one in shown if one and one[0].nodes is not None}
    return Counted(count=queries.count_published(tx, thread), votes=votes)
