"""The SQL of the vault that writes, on a transaction of the vault's own database."""

from datetime import datetime

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from gentie.kernel.chance import new_secret
from gentie.storage.prepared import Prepared
from gentie.vault.model import CONTACT_KEPT, Fingerprint, SealedContact, SealedRecord
from gentie.vault.tables import archive_contacts, network_records, persons

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


def _kept(insert: sqlite.Insert | postgresql.Insert) -> sa.Executable:
    return insert.on_conflict_do_update(
        index_elements=[archive_contacts.c.author],
        set_={name: insert.excluded[name] for name in ("at", "expires_at", "blob")},
    )


_KEEP_CONTACT = {
    "sqlite": _kept(sqlite.insert(archive_contacts)),
    "postgresql": _kept(postgresql.insert(archive_contacts)),
}
_DROP_CONTACT = archive_contacts.delete().where(archive_contacts.c.author == sa.bindparam("author"))
_EXPIRED_CONTACTS = archive_contacts.delete().where(
    archive_contacts.c.expires_at <= sa.bindparam("now")
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


def keep_contact(tx: sa.Connection, contact: SealedContact, *, now: datetime) -> None:
    """Keep a sealed contact in place of the one before."""
    row = {"author": contact.author, "blob": contact.blob}
    dates = {"at": now, "expires_at": now + CONTACT_KEPT}
    tx.execute(_KEEP_CONTACT[tx.dialect.name], row | dates)


def drop_contact(tx: sa.Connection, author: str) -> None:
    tx.execute(_DROP_CONTACT, {"author": author})


def drop_expired(tx: sa.Connection, *, now: datetime) -> int:
    """Delete records whose time is over. Returns how many."""
    contacts = tx.execute(_EXPIRED_CONTACTS, {"now": now}).rowcount
    return contacts + tx.execute(_EXPIRED, {"now": now}).rowcount
