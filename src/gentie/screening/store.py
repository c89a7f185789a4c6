"""The SQL of screening."""

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from gentie.screening.tables import rates

_NOW = sa.bindparam("now", type_=sa.BigInteger)
_STEP = sa.bindparam("step", type_=sa.BigInteger)
_MOST = sa.bindparam("most", type_=sa.BigInteger)
_FULL_OF = sa.select(rates.c.full_ms).where(rates.c.key == sa.bindparam("key"))
_FORGET_RATES = rates.delete().where(rates.c.full_ms <= _NOW)


def _count(insert: sqlite.Insert | postgresql.Insert) -> sa.Executable:
    begun = sa.case((rates.c.full_ms > _NOW, rates.c.full_ms), else_=_NOW)
    row = insert.values(key=sa.bindparam("key"), full_ms=_NOW + _STEP)
    counted = row.on_conflict_do_update(
        index_elements=[rates.c.key],
        set_={"full_ms": begun + _STEP},
        where=begun + _STEP <= _MOST,
    )
    return counted.returning(rates.c.full_ms)


_COUNT = {
    "sqlite": _count(sqlite.insert(rates)),
    "postgresql": _count(postgresql.insert(rates)),
}


def count_try(
    tx: sa.Connection, key: str, *, step: timedelta, window: timedelta, now: datetime
) -> timedelta | None:
    """Let one more try take `step` of `window`. None: it did; else the time until it would."""
    now_ms, step_ms, window_ms = _ms(now.timestamp()), _ms(step), _ms(window)
    row = {"key": key, "now": now_ms, "step": step_ms, "most": now_ms + window_ms}
    if tx.execute(_COUNT[tx.dialect.name], row).first() is not None:
        return None
    full_ms: int = tx.execute(_FULL_OF, {"key": key}).scalar_one()
    return timedelta(milliseconds=full_ms + step_ms - now_ms - window_ms)


def forget_idle_rates(tx: sa.Connection, *, now: datetime) -> int:
    """Drop rates that nobody uses at the moment. Returns how many."""
    return tx.execute(_FORGET_RATES, {"now": _ms(now.timestamp())}).rowcount


def _ms(time: float | timedelta) -> int:
    seconds = time.total_seconds() if isinstance(time, timedelta) else time
    return int(seconds * 1000)
