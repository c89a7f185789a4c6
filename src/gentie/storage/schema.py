"""What all tables share: the metadata, column types, and where a table may live when we grow.

Each table declares its class in `info`. Classes say how a table would be spread over several
databases; `tests/storage/test_scale_ready.py` holds every table to the rules of its class, so
that growing later needs no new schema.
"""

from datetime import UTC, datetime
from typing import Final

import sqlalchemy as sa
from typing_extensions import override

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

THREAD_SCOPED: Final = {"class": "thread_scoped"}
"""Lives with its thread: primary key and every unique key begin with `thread_id`."""
ACCOUNT_SCOPED: Final = {"class": "account_scoped"}
"""Lives with its person: primary key and every unique key begin with `account_id`."""
BY_VALUE: Final = {"class": "by_value"}
"""Spread by its own first key column, which makes that value unique everywhere."""
REFERENCE: Final = {"class": "reference"}
"""Small, read everywhere, copied to every database: sites, rules, agreements."""
LOCAL: Final = {"class": "local"}
"""Never spread: queues, outbox, the log, counters of rates."""


class Id(sa.TypeDecorator[str]):
    """A 63-bit id: an integer in the database, a string everywhere else.

    On SQLite a single key of type INTEGER is the place of the row: one tree to write, not two.
    """

    impl = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    cache_ok = True

    @override
    def process_bind_param(self, value: str | None, dialect: sa.Dialect) -> int | None:
        return None if value is None else int(value)

    @override
    def process_result_value(self, value: int | None, dialect: sa.Dialect) -> str | None:
        return None if value is None else str(value)


class UtcTime(sa.TypeDecorator[datetime]):
    """An aware UTC time, also on SQLite, which keeps no zone."""

    impl = sa.DateTime
    cache_ok = True

    @override
    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        return None if value is None else value.astimezone(UTC).replace(tzinfo=None)

    @override
    def process_result_value(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        return None if value is None else value.replace(tzinfo=UTC)
