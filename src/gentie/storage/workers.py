"""Worker numbers: each process that makes ids leases one of 1,024, so that no two ids are equal."""

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from gentie.kernel.chance import WORKERS
from gentie.storage.schema import LOCAL, UtcTime, metadata

TERM = timedelta(minutes=2)

leases = sa.Table(
    "id_worker",
    metadata,
    sa.Column("worker", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("holder", sa.Text, nullable=False),
    sa.Column("until", UtcTime, nullable=False),
    info=LOCAL,
)

_HELD = sa.select(leases.c.worker).where(leases.c.until > sa.bindparam("now"))
_RENEW = (
    leases.update()
    .where(
        leases.c.worker == sa.bindparam("b_worker"),
        leases.c.holder == sa.bindparam("b_holder"),
        leases.c.until > sa.bindparam("now"),
    )
    .values(until=sa.bindparam("till"))
)


def _upsert(insert: sqlite.Insert | postgresql.Insert) -> sa.Executable:
    return insert.on_conflict_do_update(
        index_elements=[leases.c.worker],
        set_={"holder": insert.excluded.holder, "until": insert.excluded.until},
        where=leases.c.until <= sa.bindparam("now", type_=UtcTime),
    )


_TAKE = {
    "sqlite": _upsert(sqlite.insert(leases)),
    "postgresql": _upsert(postgresql.insert(leases)),
}


class NoWorkerFree(RuntimeError):
    """All 1,024 numbers are in use: far more processes than this service can need."""


def take(tx: sa.Connection, *, holder: str, now: datetime) -> tuple[int, datetime]:
    """Lease a free number for `TERM`. Returns it and the moment until which it is good."""
    held = set(tx.scalars(_HELD, {"now": now}))
    until = now + TERM
    for worker in range(WORKERS):
        row = {"worker": worker, "holder": holder, "until": until, "now": now}
        if worker not in held and tx.execute(_TAKE[tx.dialect.name], row).rowcount == 1:
            return worker, until
    raise NoWorkerFree


def renew(tx: sa.Connection, *, worker: int, holder: str, now: datetime) -> datetime | None:
    """Prolong the lease. None: it had ended, and another process may hold the number."""
    row = {"b_worker": worker, "b_holder": holder, "now": now, "till": now + TERM}
    return now + TERM if tx.execute(_RENEW, row).rowcount == 1 else None
