"""Reading where lines stand. Only what is public, unless a name says otherwise."""

from datetime import timedelta
from typing import Any, NamedTuple

import sqlalchemy as sa

from gentie.danmaku.model import Mode, Placed, RateSince, Segment, Stream, StreamKind
from gentie.danmaku.tables import placed, rates, segments, streams
from gentie.kernel.ids import CommentId, CommentRef, ThreadId
from gentie.storage.prepared import Prepared
from gentie.storage.schema import Id

_ROW_ID = sa.type_coerce(placed.c.id, sa.BigInteger)
_SHOWN = sa.select(placed).where(
    placed.c.thread_id == sa.bindparam("thread", type_=Id), placed.c.shown == 1
)
_IN_ORDER = (placed.c.t_ms, placed.c.id)
_BETWEEN = _SHOWN.where(
    placed.c.t_ms >= sa.bindparam("first"), placed.c.t_ms < sa.bindparam("until")
).order_by(*_IN_ORDER)
_AFTER = (
    _SHOWN.where(
        sa.tuple_(placed.c.t_ms, _ROW_ID)
        > sa.tuple_(sa.bindparam("t_ms", type_=sa.Integer), sa.bindparam("id", type_=sa.BigInteger))
    )
    .order_by(*_IN_ORDER)
    .limit(sa.bindparam("most", type_=sa.Integer))
)
_MINUTES: sa.Select[Any, Any] = (
    sa.select(
        sa.literal_column("t_ms / 60000").label("minute"),
        sa.func.count().label("n"),
    )
    .select_from(placed)
    .where(placed.c.thread_id == sa.bindparam("thread", type_=Id), placed.c.shown == 1)
    .group_by(sa.literal_column("t_ms / 60000"))
    .order_by(sa.literal_column("t_ms / 60000"))
)
_ONE = Prepared(
    sa.select(placed).where(
        placed.c.thread_id == sa.bindparam("thread", type_=Id),
        placed.c.id == sa.bindparam("id", type_=Id),
    )
)
_AMONG = placed.c.id.in_(sa.bindparam("ids", expanding=True, type_=Id))
_SOME = _SHOWN.where(_AMONG)
_THOSE = sa.select(placed).where(placed.c.thread_id == sa.bindparam("thread", type_=Id), _AMONG)
_COUNT = sa.select(sa.func.count()).where(placed.c.thread_id == sa.bindparam("thread", type_=Id))
_SEGMENTS = (
    sa.select(segments)
    .where(segments.c.thread_id == sa.bindparam("thread", type_=Id))
    .order_by(segments.c.number)
)
_SEGMENT = sa.select(segments).where(
    segments.c.thread_id == sa.bindparam("thread", type_=Id),
    segments.c.number == sa.bindparam("number"),
)
_RATES = (
    sa.select(rates)
    .where(rates.c.thread_id == sa.bindparam("thread", type_=Id))
    .order_by(rates.c.since.desc())
    .limit(sa.bindparam("most", type_=sa.Integer))
)
_SAMPLED: sa.Select[Any, Any, Any] = (  # scatter: for everybody to read, of few videos
    sa.select(
        rates.c.thread_id,
        sa.func.count().label("changes"),
        sa.func.max(rates.c.one_in).label("fewest"),
    )
    .group_by(rates.c.thread_id)
    .order_by(sa.func.max(rates.c.since).desc())
    .limit(sa.bindparam("most", type_=sa.Integer))
)
_LIVE = (  # scatter: for everybody to read, of few videos
    sa.select(streams.c.thread_id)
    .where(streams.c.kind == StreamKind.LIVE.value)
    .order_by(streams.c.started_at.desc(), streams.c.thread_id)
    .limit(sa.bindparam("most", type_=sa.Integer))
)
_STREAM = Prepared(
    sa.select(streams).where(streams.c.thread_id == sa.bindparam("thread", type_=Id))
)


class Sampled(NamedTuple):
    """How those who followed a video were sent a part of its lines."""

    changes: int
    fewest: int
    """At the most crowded moment about one in so many."""


def sampled_lately(tx: sa.Connection, *, most: int) -> dict[ThreadId, Sampled]:
    """Videos over which lines were ever left out live, the last change first."""
    rows = tx.execute(_SAMPLED, {"most": most})
    return {ThreadId(row.thread_id): Sampled(row.changes, row.fewest) for row in rows}


def live_lately(tx: sa.Connection, *, most: int) -> list[ThreadId]:
    """Live broadcasts, the one that began last first."""
    return [ThreadId(row.thread_id) for row in tx.execute(_LIVE, {"most": most})]


def find_stream(tx: sa.Connection, thread: ThreadId) -> Stream | None:
    """What the site has said of the video. None: nothing beyond its class."""
    row = _STREAM.first(tx, {"thread": thread})
    if row is None:
        return None
    return Stream(
        kind=StreamKind(row.kind),
        started_at=row.started_at,
        delay=timedelta(milliseconds=row.delay_ms),
    )


def segments_of(tx: sa.Connection, thread: ThreadId) -> list[Segment]:
    """All that were ever written in, in order of time."""
    return [_segment(row) for row in tx.execute(_SEGMENTS, {"thread": thread})]


def find_segment(tx: sa.Connection, thread: ThreadId, number: int) -> Segment | None:
    row = tx.execute(_SEGMENT, {"thread": thread, "number": number}).one_or_none()
    return None if row is None else _segment(row)


def last_rate(tx: sa.Connection, thread: ThreadId) -> RateSince | None:
    """None: everything was always sent."""
    return next(iter(rates_of(tx, thread, most=1)), None)


def rates_of(tx: sa.Connection, thread: ThreadId, *, most: int) -> list[RateSince]:
    """Which part of the lines was sent live, the latest change first."""
    found = tx.execute(_RATES, {"thread": thread, "most": most})
    return [RateSince(since=row.since, one_in=row.one_in) for row in found]


def between(tx: sa.Connection, thread: ThreadId, first: int, until: int) -> list[Placed]:
    """Lines from one moment up to another, in order of time. Both in milliseconds."""
    facts = {"thread": thread, "first": first, "until": until}
    return [_placed(row) for row in tx.execute(_BETWEEN, facts)]


def after(tx: sa.Connection, thread: ThreadId, last: tuple[int, int], *, most: int) -> list[Placed]:
    """Lines behind a moment and id, in order of time."""
    t_ms, comment = last
    facts = {"thread": thread, "t_ms": t_ms, "id": comment, "most": most}
    return [_placed(row) for row in tx.execute(_AFTER, facts)]


def minutes_of(tx: sa.Connection, thread: ThreadId) -> dict[int, int]:
    """How many lines each minute of the video has. One without any is left out."""
    return {row.minute: row.n for row in tx.execute(_MINUTES, {"thread": thread})}


def find(tx: sa.Connection, ref: CommentRef) -> Placed | None:
    """Where a contribution stands, public or not. None: it is no danmaku."""
    row = _ONE.first(tx, {"thread": ref.thread, "id": ref.comment})
    return None if row is None else _placed(row)


def some(tx: sa.Connection, thread: ThreadId, ids: list[CommentId]) -> list[Placed]:
    """Those of some lines that are public."""
    return [_placed(row) for row in tx.execute(_SOME, {"thread": thread, "ids": ids})]


def those(tx: sa.Connection, thread: ThreadId, ids: list[CommentId]) -> list[Placed]:
    """Those of some contributions that stand over the video, public or not."""
    return [_placed(row) for row in tx.execute(_THOSE, {"thread": thread, "ids": ids})]


def count_in(tx: sa.Connection, thread: ThreadId) -> int:
    """Lines over a video, public or not."""
    return tx.scalar(_COUNT, {"thread": thread}) or 0


def _segment(row: Any) -> Segment:
    return Segment(number=row.number, rev=row.rev, count=row.count)


def _placed(row: Any) -> Placed:
    return Placed(
        thread=ThreadId(row.thread_id),
        id=CommentId(row.id),
        t_ms=row.t_ms,
        mode=Mode(row.mode),
        colour=row.colour,
    )
