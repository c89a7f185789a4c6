"""The SQL of the register that writes or locks."""

from collections.abc import Sequence
from datetime import datetime

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from gentie.kernel.ids import AccountId
from gentie.privacy.leaks.model import Entry, History, Leak, NoSuchLeak
from gentie.privacy.leaks.rows import history_of
from gentie.privacy.tables import leak_entries, leak_persons, leaks

_RECORD = leaks.insert()
_LOCK = sa.select(leaks.c.record).where(leaks.c.number == sa.bindparam("number")).with_for_update()
_ENTER = leak_entries.insert()
_CONCERN = {
    "sqlite": sqlite.insert(leak_persons).on_conflict_do_nothing(),
    "postgresql": postgresql.insert(leak_persons).on_conflict_do_nothing(),
}
_UNTOLD = (
    sa.select(leak_persons.c.account_id)
    .where(leak_persons.c.leak == sa.bindparam("leak"), leak_persons.c.told_at.is_(None))
    .order_by(leak_persons.c.account_id)
    .limit(sa.bindparam("most", type_=sa.Integer))
)
_TOLD = (
    leak_persons.update()
    .where(
        leak_persons.c.leak == sa.bindparam("b_leak"),
        leak_persons.c.account_id.in_(sa.bindparam("accounts", expanding=True)),
    )
    .values(told_at=sa.bindparam("now"))
)
_FORGET = leak_persons.delete().where(
    leak_persons.c.account_id.in_(sa.bindparam("accounts", expanding=True))
)


def record(tx: sa.Connection, leak: Leak, *, salt: bytes, commitment: str, leaf: str) -> None:
    row = {"number": leak.number, "record": msgspec.json.encode(leak), "salt": salt}
    when = {"recorded_at": leak.recorded_at, "commitment": commitment, "leaf": leaf}
    tx.execute(_RECORD, row | when)


def get(tx: sa.Connection, number: str) -> History:
    """Load and lock, so that entries are numbered one after another. Raises NoSuchLeak."""
    if tx.execute(_LOCK, {"number": number}).one_or_none() is None:
        raise NoSuchLeak
    return history_of(tx, number)


def enter(tx: sa.Connection, entry: Entry, *, salt: bytes, commitment: str, leaf: str) -> None:
    """The leak is locked. The same number twice is refused by the database."""
    row = {"leak": entry.leak, "number": entry.number, "record": msgspec.json.encode(entry)}
    tx.execute(_ENTER, row | {"salt": salt, "commitment": commitment, "leaf": leaf})


def concern(tx: sa.Connection, leak: str, accounts: Sequence[AccountId]) -> None:
    """Note whom it concerns; who is noted already stays as they are."""
    if accounts:
        rows = [{"account_id": one, "leak": leak} for one in accounts]
        tx.execute(_CONCERN[tx.dialect.name], rows)


def untold(tx: sa.Connection, leak: str, *, most: int) -> list[AccountId]:
    """Some of those who have not been told. The leak is locked."""
    rows = tx.scalars(_UNTOLD, {"leak": leak, "most": most})
    return [AccountId(one) for one in rows]


def mark_told(
    tx: sa.Connection, leak: str, accounts: Sequence[AccountId], *, now: datetime
) -> None:
    if accounts:
        tx.execute(_TOLD, {"b_leak": leak, "accounts": [*accounts], "now": now})


def forget_closed(tx: sa.Connection, accounts: list[str]) -> int:
    """Drop that it concerned these. What was found and done stays. Returns how many rows."""
    return tx.execute(_FORGET, {"accounts": accounts}).rowcount
