"""What those who follow a video are told of its danmaku: a batch at a time, removals at once.

As in `telling`, an event says how things stand when it is carried out. Where more lines come than a
viewer can be sent, a hash of their ids chooses; each batch says of how many it is.
"""

import asyncio
from collections.abc import Iterable
from datetime import datetime
from functools import partial
from weakref import WeakKeyDictionary

import msgspec
import sqlalchemy as sa

from gentie.actions.operations.note_sampling import note_sampling
from gentie.catalogue import fulfils
from gentie.danmaku import queries, rules
from gentie.danmaku.model import Mode, Rate, StreamKind
from gentie.danmaku.model import Stream as Video
from gentie.kernel.actor import SERVICE
from gentie.kernel.clock import Clock
from gentie.kernel.ids import CommentRef
from gentie.pages.danmaku import PER_SECOND, Line, row_of, with_words
from gentie.pages.streams import Place, Stream, Streams
from gentie.storage.db import Database

TICK = 0.25
"""Seconds within which lines are told together."""
MOST = int(PER_SECOND * TICK)
"""Lines that a viewer is sent in one."""
_RECORDED = Video(kind=StreamKind.RECORDED)


class Batch(msgspec.Struct, frozen=True, kw_only=True):
    """What `danmaku` carries."""

    rows: tuple[tuple[str, int, Mode, int, str, str], ...]
    """As in segments."""
    of: int
    """Lines that came. More than there are rows: the others are in the text."""
    one_in: int
    """At this time about one in so many is sent. 1: all. Each change of it is kept."""


class LinesGone(msgspec.Struct, frozen=True, kw_only=True):
    """What `danmaku-removed` carries."""

    ids: tuple[str, ...]


class LineTeller:
    """Tells the followers of one process. Belongs to its event loop."""

    def __init__(self, db: Database, streams: Streams, *, clock: Clock) -> None:
        self._db, self._streams, self._clock = db, streams, clock
        self._waiting: dict[Stream, set[CommentRef]] = {}
        self._telling: set[asyncio.Task[None]] = set()
        self._rates: WeakKeyDictionary[Stream, Rate] = WeakKeyDictionary()

    async def tell(self, place: Place, refs: Iterable[CommentRef], *, urgent: bool) -> None:
        """Lines have come or gone. Urgent: whoever follows is told now."""
        stream = self._streams.find(place)
        if stream is None:
            return
        is_first = stream not in self._waiting
        self._waiting.setdefault(stream, set()).update(refs)
        if urgent:
            await self._tell(stream)
        elif is_first:
            task = asyncio.create_task(self._tell_soon(stream))
            self._telling.add(task)
            task.add_done_callback(self._telling.discard)

    def read_again(self, place: Place) -> None:
        """Many lines have come at once: one event, whatever their number."""
        stream = self._streams.find(place)
        if stream is not None:
            self._streams.record(stream, "danmaku-again", {}, about="danmaku-again")

    async def _tell_soon(self, stream: Stream) -> None:
        await asyncio.sleep(TICK)
        await self._tell(stream)

    @fulfils("2017-7.1a")
    async def _tell(self, stream: Stream) -> None:
        refs = self._waiting.pop(stream, set())
        if not refs:
            return
        async with stream.telling:
            lines, gone = await self._db.read(partial(load_lines, refs=refs, now=self._clock()))
            if gone:
                stream.forget_lines(frozenset(gone))
                self._streams.record(stream, "danmaku-removed", LinesGone(ids=gone))
            if lines:
                batch = sampled(lines, await self._rate(stream, lines))
                told = frozenset(row[0] for row in batch.rows)
                self._streams.record(stream, "danmaku", batch, lines=told)

    async def _rate(self, stream: Stream, lines: list[Line]) -> int:
        """Which part is sent now. A change is written down before it is told."""
        old, now = self._rates.get(stream, Rate()), self._clock()
        rate = rules.next_rate(old, len(lines), most=MOST, now=now)
        if rate.one_in != old.one_in:
            thread = CommentRef.parse(lines[0].id).thread
            noting = partial(note_sampling, thread=thread, one_in=rate.one_in, acting=SERVICE)
            await self._db.act(partial(noting, now=now))
        self._rates[stream] = rate
        return rate.one_in


def sampled(lines: list[Line], one_in: int) -> Batch:
    """As many lines as a viewer is sent in one tick, whatever they say."""
    refs = [CommentRef.parse(one.id) for one in lines]
    ids = [one.comment for one in refs]
    drawn = rules.drawn(ids, f"{refs[0].thread}/live", most=MOST)
    rows = tuple(row_of(line) for line, one in zip(lines, ids, strict=True) if one in drawn)
    return Batch(rows=rows, of=len(lines), one_in=one_in)


def load_lines(
    tx: sa.Connection, refs: set[CommentRef], *, now: datetime
) -> tuple[list[Line], tuple[str, ...]]:
    """Of some lines of one thread: those that show now, and the ids of those that do not.

    What is public too late for its broadcast is neither.
    """
    (thread,) = {ref.thread for ref in refs}
    ids = sorted(ref.comment for ref in refs)
    lines = with_words(tx, thread, queries.some(tx, thread, ids))
    gone = {str(ref) for ref in refs} - {one.id for one in lines}
    video = queries.find_stream(tx, thread) or _RECORDED
    in_time = [one for one in lines if rules.goes_live(video, written_at=one.at, now=now)]
    return sorted(in_time, key=lambda one: (one.t_ms, one.id)), tuple(sorted(gone))
