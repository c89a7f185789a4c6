"""The SQL of the vault that writes, on a transaction of the vault's own database."""

from datetime import datetime

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from gentie.kernel.chance import new_secret
from gentie.storage.prepared import Prepared
from gentie.vault.model import Fingerprint, SealedRecord
from gentie.vault.tables import network_records, persons

_ADD_PERSON = {
    "sqlite": sqlite.insert(persons).on_conflict_do_nothing(),
    "postgresql": postgresql.insert(persons).on_conflict_do_nothing(),
}
_PERSON = sa.select(persons.c.person).where(
    persons.c.key_version == sa.bindparam("key_version"),
    persons.c.digest == sa.bindparam("digest"),
)
_CONFIRM = (
    persons.update()
    .where(
        persons.c.person.in_(sa.bindparam("persons", expanding=True)),
        persons.c.confirmed_at.is_(None),
    )
    .values(confirmed_at=sa.bindparam("now"))
)
_FORGET_PERSONS = persons.delete().where(
    persons.c.person.in_(sa.bindparam("persons", expanding=True)), persons.c.confirmed_at.is_(None)
)
_ADD_RECORD = Prepared(
    {
        "sqlite": sqlite.insert(network_records).on_conflict_do_nothing(),
        "postgresql": postgresql.insert(network_records).on_conflict_do_nothing(),
    }
)
_EXPIRED = network_records.delete().where(network_records.c.expires_at <= sa.bindparam("now"))


def person_for(tx: sa.Connection, fingerprint: Fingerprint, *, now: datetime) -> str:
    """The opaque key of the person with this fingerprint; a new one for a new person.

    Asked again it answers the same, so it may be repeated after a crash.
    """
    row = msgspec.structs.asdict(fingerprint)
    added = row | {"person": new_secret(), "first_seen_at": now}
    tx.execute(_ADD_PERSON[tx.dialect.name], added)
    return str(tx.execute(_PERSON, row).scalar_one())


def confirm_persons(tx: sa.Connection, persons: list[str], *, now: datetime) -> int:
    """Note that accounts rest on these. Returns how many were not confirmed before."""
    return tx.execute(_CONFIRM, {"persons": persons, "now": now}).rowcount if persons else 0


def forget_persons(tx: sa.Connection, persons: list[str]) -> int:
    """Drop those of them that no account was ever seen to rest on. Returns how many."""
    return tx.execute(_FORGET_PERSONS, {"persons": persons}).rowcount if persons else 0


def add_record(tx: sa.Connection, record: SealedRecord) -> None:
    """Keep a sealed record; the same one again changes nothing."""
    _ADD_RECORD.run(tx, msgspec.structs.asdict(record))


def drop_expired(tx: sa.Connection, *, now: datetime) -> int:
    """Delete records whose time is over. Returns how many."""
    return tx.execute(_EXPIRED, {"now": now}).rowcount
