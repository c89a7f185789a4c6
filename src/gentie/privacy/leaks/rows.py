"""How rows of the register become values."""

import msgspec
import sqlalchemy as sa

from gentie.privacy.leaks.model import Entry, History, Leak
from gentie.privacy.tables import leak_entries, leak_persons, leaks

_LEAK = sa.select(leaks.c.record).where(leaks.c.number == sa.bindparam("number"))
_ENTRIES = (
    sa.select(leak_entries.c.record)
    .where(leak_entries.c.leak == sa.bindparam("number"))
    .order_by(leak_entries.c.number)
)
_PEOPLE = sa.select(sa.func.count(), sa.func.count(leak_persons.c.told_at)).where(
    leak_persons.c.leak == sa.bindparam("number")
)
_leak = msgspec.json.Decoder(Leak)
_entry = msgspec.json.Decoder(Entry)


def history_of(tx: sa.Connection, number: str) -> History:
    """The leak is there."""
    people, told = tx.execute(_PEOPLE, {"number": number}).one()
    return History(
        leak=_leak.decode(tx.execute(_LEAK, {"number": number}).scalar_one()),
        entries=tuple(_entry.decode(one) for one in tx.scalars(_ENTRIES, {"number": number})),
        people=people,
        told=told,
    )
