"""The SQL of danmaku that writes."""

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from gentie.danmaku.model import Placed, RateSince, Stream
from gentie.danmaku.rules import segment_of
from gentie.danmaku.tables import placed, rates, segments, streams
from gentie.kernel.ids import CommentId, CommentRef, ThreadId
from gentie.storage.prepared import Prepared
from gentie.storage.schema import Id

_TURN_MANY = (
    placed.update()
    .where(
        placed.c.thread_id == sa.bindparam("b_thread", type_=Id),
        placed.c.id.in_(sa.bindparam("b_ids", expanding=True, type_=Id)),
        placed.c.shown == 0,
    )
    .values(shown=1)
    .returning(placed.c.t_ms)
)
_PLACE = Prepared(placed.insert())
_TURN = (
    placed.update()
    .where(
        placed.c.thread_id == sa.bindparam("b_thread", type_=Id),
        placed.c.id == sa.bindparam("b_id", type_=Id),
    )
    .values(shown=sa.bindparam("to"))
    .returning(placed.c.t_ms)
)


def _bumped(insert: sqlite.Insert | postgresql.Insert) -> sa.Executable:
    return insert.on_conflict_do_update(
        index_elements=[segments.c.thread_id, segments.c.number],
        set_={
            "rev": segments.c.rev + insert.excluded.rev,
            "count": segments.c.count + insert.excluded.count,
        },
    )


_BUMP = Prepared(
    {
        "sqlite": _bumped(sqlite.insert(segments)),
        "postgresql": _bumped(postgresql.insert(segments)),
    }
)


_KEEP_RATE = {
    "sqlite": sqlite.insert(rates).on_conflict_do_nothing(),
    "postgresql": postgresql.insert(rates).on_conflict_do_nothing(),
}


def _declared(insert: sqlite.Insert | postgresql.Insert) -> sa.Executable:
    return insert.on_conflict_do_update(
        index_elements=[streams.c.thread_id],
        set_={name: insert.excluded[name] for name in ("kind", "started_at", "delay_ms")},
    )


_DECLARE = {
    "sqlite": _declared(sqlite.insert(streams)),
    "postgresql": _declared(postgresql.insert(streams)),
}


def keep_rate(tx: sa.Connection, thread: ThreadId, rate: RateSince) -> None:
    """Of two processes that say so in the same moment, the first is kept."""
    row = {"thread_id": thread, "since": rate.since, "one_in": rate.one_in}
    tx.execute(_KEEP_RATE[tx.dialect.name], row)


def place(tx: sa.Connection, one: Placed) -> None:
    """Keep where a new contribution stands. It is not public before `turn`."""
    row = {
        "thread_id": one.thread,
        "id": one.id,
        "t_ms": one.t_ms,
        "mode": one.mode.value,
        "colour": one.colour,
        "shown": 0,
    }
    _PLACE.run(tx, row)


def turn(tx: sa.Connection, ref: CommentRef, *, shown: bool) -> None:
    """Bring a line into public view, or out of it. Its segment gets another revision."""
    facts = {"b_thread": ref.thread, "b_id": ref.comment, "to": int(shown)}
    t_ms = tx.execute(_TURN, facts).scalar_one()
    by = 1 if shown else -1
    row = {"thread_id": ref.thread, "number": segment_of(t_ms), "rev": 1, "count": by}
    _BUMP.run(tx, row)


def turn_many(tx: sa.Connection, thread: ThreadId, ids: Sequence[CommentId]) -> Counter[int]:
    """Bring those of some contributions into public view that stand over a video.

    Returns:
        How many came into each segment.
    """
    found = tx.scalars(_TURN_MANY, {"b_thread": thread, "b_ids": list(ids)})
    came = Counter(map(segment_of, found))
    for number, count in came.items():
        _BUMP.run(tx, {"thread_id": thread, "number": number, "rev": 1, "count": count})
    return came


def declare(tx: sa.Connection, thread: ThreadId, stream: Stream) -> None:
    """Say what a thread's video is. Again: anew."""
    row = {
        "thread_id": thread,
        "kind": stream.kind.value,
        "started_at": stream.started_at,
        "delay_ms": stream.delay // timedelta(milliseconds=1),
    }
    tx.execute(_DECLARE[tx.dialect.name], row)
