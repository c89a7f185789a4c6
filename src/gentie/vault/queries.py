"""What may be read of the vault by the serving process: nothing that names or locates anybody."""

from datetime import datetime

import msgspec
import sqlalchemy as sa

from gentie.vault.tables import network_records, persons

_UNCONFIRMED = (
    sa.select(persons.c.person)
    .where(persons.c.confirmed_at.is_(None), persons.c.first_seen_at < sa.bindparam("before"))
    .order_by(persons.c.first_seen_at)
    .limit(500)
)
_STOCK = sa.select(
    sa.func.count(),
    sa.func.min(network_records.c.at),
    sa.func.min(network_records.c.expires_at),
)


class Stock(msgspec.Struct, frozen=True, kw_only=True):
    """How many network records are kept, and since when."""

    records: int
    oldest: datetime | None
    next_expiry: datetime | None


def unconfirmed_persons(tx: sa.Connection, *, before: datetime) -> list[str]:
    """Persons first seen before then whom no account was seen to rest on: left by a crash."""
    return list(tx.scalars(_UNCONFIRMED, {"before": before}))


def stock(tx: sa.Connection) -> Stock:
    records, oldest, next_expiry = tx.execute(_STOCK).one()
    return Stock(records=records, oldest=oldest, next_expiry=next_expiry)
