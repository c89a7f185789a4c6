"""What a run of checks sees in the vault: a database of its own, so it is looked at beforehand.

Works with what the serving role may read there, which is never what is sealed.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final

import msgspec
import sqlalchemy as sa

from gentie.vault.model import Entry
from gentie.vault.tables import (
    archive_contacts,
    audit,
    network_records,
    person_fields,
    person_keys,
    persons,
)

GRACE: Final = timedelta(days=1)
"""For a message between the two databases, and for a job that was down for a night."""
_AT_ONCE: Final = 500
_WITH_AN_END: Final = (network_records, archive_contacts)
_ROWS: Final = {one.name: sa.select(sa.func.count()).select_from(one) for one in _WITH_AN_END}
_OVER: Final = {
    one.name: sa.select(sa.func.count())
    .select_from(one)
    .where(one.c.expires_at < sa.bindparam("before"))
    for one in _WITH_AN_END
}
_NEW: Final = sa.select(persons.c.person).where(persons.c.first_seen_at > sa.bindparam("before"))
_SEALED: Final = sa.union(
    *(
        sa.select(one.c.person).where(one.c.person.not_in(_NEW))
        for one in (person_keys, person_fields)
    )
)
_BACK: Final = sa.union(
    *(
        sa.select(one.c.person).where(one.c.person.in_(sa.bindparam("gone", expanding=True)))
        for one in (person_keys, person_fields)
    )
)
_BOOK: Final = sa.select(audit).order_by(audit.c.number)


class Vaulted(msgspec.Struct, frozen=True, kw_only=True):
    """What was seen."""

    columns: dict[str, frozenset[str]]
    """By table: what the database has, as it says itself."""
    rows: dict[str, int]
    """How many there are, of the tables whose rows have an end written on them."""
    over: dict[str, int]
    """How many of them are past it, by more than the grace."""
    sealed: frozenset[str]
    """Persons of whom something lies there sealed, but for those of the last day."""
    back: frozenset[str]
    """Persons whose keys were destroyed and who have some again."""
    book: tuple[Entry, ...]


def look(tx: sa.Connection, destroyed: Collection[str], *, now: datetime) -> Vaulted:
    """Look into the vault. `tx` is the vault's; `destroyed` are persons whose keys must be gone."""
    before = {"before": now - GRACE}
    there = sa.inspect(tx)
    return Vaulted(
        columns={
            name: frozenset(one["name"] for one in there.get_columns(name))
            for name in there.get_table_names()
        },
        rows={name: tx.scalar(one) or 0 for name, one in _ROWS.items()},
        over={name: tx.scalar(one, before) or 0 for name, one in _OVER.items()},
        sealed=frozenset(tx.scalars(_SEALED, before)),
        back=_back(tx, sorted(destroyed)),
        book=tuple(msgspec.convert(row, Entry, from_attributes=True) for row in tx.execute(_BOOK)),
    )


def _back(tx: sa.Connection, gone: list[str]) -> frozenset[str]:
    starts = range(0, len(gone), _AT_ONCE)
    parts = (gone[start : start + _AT_ONCE] for start in starts)
    return frozenset(one for part in parts for one in tx.scalars(_BACK, {"gone": part}))
