"""Idempotency-Key: the same request sent twice is carried out once and answered twice alike."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TypeVar

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from gentie.kernel.refusal import Refusal
from gentie.storage.schema import BY_VALUE, UtcTime, metadata

T = TypeVar("T", bound=msgspec.Struct)

KEPT = timedelta(hours=24)

keys = sa.Table(
    "idempotency_key",
    metadata,
    sa.Column("who", sa.Text, primary_key=True),
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("request", sa.Text, nullable=False),
    sa.Column("answer", sa.LargeBinary),
    sa.Column("at", UtcTime, nullable=False),
    info=BY_VALUE,
)

_CLAIM = {
    "sqlite": sqlite.insert(keys).on_conflict_do_nothing(),
    "postgresql": postgresql.insert(keys).on_conflict_do_nothing(),
}
_WHERE = sa.and_(keys.c.who == sa.bindparam("b_who"), keys.c.key == sa.bindparam("b_key"))
_FIND = sa.select(keys.c.request, keys.c.answer).where(_WHERE)
_ANSWER = keys.update().where(_WHERE).values(answer=sa.bindparam("given"))
_FORGET = keys.delete().where(keys.c.at < sa.bindparam("before"))


class KeyReused(Refusal):
    code, says = "idempotency-key-reused", "This Idempotency-Key was used for another request."


def once(
    tx: sa.Connection,
    body: Callable[[sa.Connection], T],
    *,
    who: str,
    key: str,
    request: str,
    kind: type[T],
    now: datetime,
) -> T:
    """Run `body` the first time and give its answer again when the same request comes back.

    `request` is a digest of everything that was asked. A refusal is not kept: nothing was done.

    Raises:
        KeyReused: the key came with another request; nothing was changed.
    """
    row = {"who": who, "key": key, "request": request, "at": now}
    if tx.execute(_CLAIM[tx.dialect.name], row).rowcount == 0:
        # On PostgreSQL the insert has waited for whoever was first.
        earlier = tx.execute(_FIND, {"b_who": who, "b_key": key}).one()
        if earlier.request != request:
            raise KeyReused
        return msgspec.json.decode(earlier.answer, type=kind)
    answer = body(tx)
    tx.execute(_ANSWER, {"b_who": who, "b_key": key, "given": msgspec.json.encode(answer)})
    return answer


def forget_old(tx: sa.Connection, *, now: datetime) -> int:
    """Drop keys older than a day. Returns how many."""
    return tx.execute(_FORGET, {"before": now - KEPT}).rowcount
