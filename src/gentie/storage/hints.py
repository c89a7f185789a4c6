"""What has changed, for processes beside the one that serves: told only while somebody listens.

A hint is written in the transaction of the act that causes it, one row for all who listen. It may
come twice or late, and it carries no content: whoever hears it looks how things stand by then.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from gentie.kernel.chance import new_id
from gentie.storage.prepared import Prepared
from gentie.storage.schema import LOCAL, Id, UtcTime, metadata

TERM: Final = timedelta(seconds=30)
"""How long a listener is believed to listen without saying so again."""
KEPT: Final = timedelta(minutes=1)
MOST: Final = 1000
"""Hints that are read at a time."""

hints = sa.Table(
    "hint",
    metadata,
    sa.Column("id", Id, primary_key=True, autoincrement=False),
    sa.Column("topic", sa.Text, nullable=False),
    sa.Column("about", sa.LargeBinary, nullable=False),
    sa.Column("item", sa.Text, nullable=False),
    sa.Column("at", UtcTime, nullable=False),
    info=LOCAL,
)
listeners = sa.Table(
    "hint_listener",
    metadata,
    sa.Column("holder", sa.Text, primary_key=True),
    sa.Column("until", UtcTime, nullable=False),
    info=LOCAL,
)

_COLUMNS = ("id", "topic", "about", "item", "at")
_TELL = Prepared(
    hints.insert().from_select(
        _COLUMNS,
        sa.select(*(sa.bindparam(name, type_=hints.c[name].type) for name in _COLUMNS)).where(
            sa.exists().where(listeners.c.until > sa.bindparam("now", type_=UtcTime))
        ),
    )
)

_NEWER = (
    sa.select(hints)
    .where(hints.c.id > sa.bindparam("last", type_=Id))
    .order_by(hints.c.id)
    .limit(MOST)
)
_THESE = sa.select(hints).where(hints.c.id.in_(sa.bindparam("ids", expanding=True)))


def _folded(which: sa.Select[Any]) -> dict[str, sa.Select[Any]]:
    """Those about one thing as one row, by dialect."""
    rows = which.subquery()

    def fold(join: Callable[..., sa.ColumnElement[str]]) -> sa.Select[Any]:
        ids = join(sa.cast(rows.c.id, sa.Text), ",").label("ids")
        items = join(rows.c.item, "\n").label("items")
        return sa.select(rows.c.topic, rows.c.about, ids, items).group_by(
            rows.c.topic, rows.c.about
        )

    return {"sqlite": fold(sa.func.group_concat), "postgresql": fold(sa.func.string_agg)}


_AFTER = Prepared(_folded(_NEWER))
_BESIDES = _folded(_THESE)
_WITHIN = sa.and_(
    hints.c.id > sa.bindparam("since", type_=Id), hints.c.id <= sa.bindparam("until", type_=Id)
)
_HOW_MANY = Prepared(sa.select(sa.func.count()).select_from(hints).where(_WITHIN))
_IDS = sa.select(hints.c.id).where(_WITHIN)
_LAST = sa.select(sa.func.max(hints.c.id))
_RENEW = (
    listeners.update()
    .where(
        listeners.c.holder == sa.bindparam("b_holder"), listeners.c.until > sa.bindparam("b_now")
    )
    .values(until=sa.bindparam("b_until"))
)
_LEAVE = listeners.delete().where(listeners.c.holder == sa.bindparam("b_holder"))
_FORGET = (
    hints.delete().where(hints.c.at < sa.bindparam("before")),
    listeners.delete().where(listeners.c.until < sa.bindparam("before")),
)


def _listening(insert: sqlite.Insert | postgresql.Insert) -> sa.Executable:
    return insert.on_conflict_do_update(
        index_elements=[listeners.c.holder], set_={"until": insert.excluded.until}
    )


_LISTEN = {
    "sqlite": _listening(sqlite.insert(listeners)),
    "postgresql": _listening(postgresql.insert(listeners)),
}


class Hints(msgspec.Struct, frozen=True, kw_only=True):
    """Some about one thing, in no order."""

    topic: str
    about: dict[str, str]
    ids: list[int]
    items: list[str]
    """What each says beside, as many as there are ids."""


_ABOUT = msgspec.json.Decoder(dict[str, str])
_NUMBERS = msgspec.json.Decoder(list[int])


def tell(
    tx: sa.Connection, topic: str, about: Mapping[str, str], item: str = "", *, now: datetime
) -> str:
    """Hint at a change to all who listen, once this transaction is committed. Returns its id.

    Hints of one topic with the same `about` come together; `item` is one line without its end.
    """
    number = new_id()
    what = {"topic": topic, "about": msgspec.json.encode(about), "item": item}
    _TELL.run(tx, {"id": number, **what, "at": now, "now": now})
    return number


def listen(tx: sa.Connection, *, holder: str, now: datetime) -> None:
    """From this commit on, hints are written, for `TERM` at least."""
    tx.execute(_LISTEN[tx.dialect.name], {"holder": holder, "until": now + TERM})


def renew(tx: sa.Connection, *, holder: str, now: datetime) -> bool:
    """Go on listening. False: that had ended, so hints may have been missed."""
    facts = {"b_holder": holder, "b_now": now, "b_until": now + TERM}
    return tx.execute(_RENEW, facts).rowcount == 1


def leave(tx: sa.Connection, *, holder: str) -> None:
    tx.execute(_LEAVE, {"b_holder": holder})


def last(tx: sa.Connection) -> str:
    """The id of the latest hint. 0: there is none."""
    return str(tx.scalar(_LAST) or 0)


def after(tx: sa.Connection, last: str) -> list[Hints]:
    """Hints behind an id, the first `MOST` of them.

    Two transactions may commit in another order than their ids have: look again a little before.
    """
    return [_read(row) for row in _AFTER.all(tx, {"last": last})]


def besides(tx: sa.Connection, known: Sequence[int], *, since: int, until: int) -> list[Hints]:
    """Hints behind an id and up to another that are not among the `known`, at most `MOST`."""
    within = {"since": str(max(0, since)), "until": str(until)}
    if _HOW_MANY.scalar(tx, within) == len(known):
        return []
    those = frozenset(known)
    unknown = [one for one in tx.scalars(_IDS, within) if int(one) not in those]
    return [_read(row) for row in tx.execute(_BESIDES[tx.dialect.name], {"ids": unknown[:MOST]})]


def _read(row: Any) -> Hints:
    ids = _NUMBERS.decode(f"[{row.ids}]")
    about = _ABOUT.decode(row.about)
    return Hints(topic=row.topic, about=about, ids=ids, items=row.items.split("\n"))


def forget_old(tx: sa.Connection, *, now: datetime) -> None:
    """Hints are for those who listen now."""
    for statement in _FORGET:
        tx.execute(statement, {"before": now - KEPT})
