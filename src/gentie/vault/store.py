"""The SQL of the vault that writes, on a transaction of the vault's own database."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from gentie.kernel.chance import digest_of, new_secret
from gentie.storage.prepared import Prepared
from gentie.vault.model import (
    CONTACT_KEPT,
    DAY,
    GONE,
    MONTH,
    Approval,
    Disclosure,
    Entry,
    Fingerprint,
    Gone,
    NoSuchDisclosure,
    SealedContact,
    SealedPerson,
    SealedRecord,
)
from gentie.vault.rules import digest_of_entry
from gentie.vault.tables import (
    approvals,
    archive_contacts,
    audit,
    disclosures,
    erasures,
    honey,
    network_records,
    person_fields,
    person_keys,
    persons,
    reported_months,
)

_ADD_PERSON = {
    "sqlite": sqlite.insert(persons).on_conflict_do_nothing(),
    "postgresql": postgresql.insert(persons).on_conflict_do_nothing(),
}
_PERSON = sa.select(persons.c.person, persons.c.confirmed_at, persons.c.held_until).where(
    persons.c.key_version == sa.bindparam("key_version"),
    persons.c.digest == sa.bindparam("digest"),
)
_HAS_IN_SECTOR = (
    sa.select(persons.c.person)
    .where(persons.c.person == sa.bindparam("person"), persons.c.sector == sa.bindparam("sector"))
    .limit(1)
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

_ADD_CONTACT = archive_contacts.insert()
_DROP_CONTACT = archive_contacts.delete().where(archive_contacts.c.author == sa.bindparam("author"))
_EXPIRED_CONTACTS = archive_contacts.delete().where(
    archive_contacts.c.expires_at <= sa.bindparam("now")
)
_EXPIRED = network_records.delete().where(network_records.c.expires_at <= sa.bindparam("now"))
_ADD_KEY = {
    "sqlite": sqlite.insert(person_keys).on_conflict_do_nothing(),
    "postgresql": postgresql.insert(person_keys).on_conflict_do_nothing(),
}
_DROP_FIELD = person_fields.delete().where(
    person_fields.c.person == sa.bindparam("b_person"),
    person_fields.c.field == sa.bindparam("b_field"),
)
_ADD_FIELD = person_fields.insert()
_DROP_UNUSED_KEYS = person_keys.delete().where(
    person_keys.c.person == sa.bindparam("b_person"),
    person_keys.c.key.not_in(
        sa.select(person_fields.c.key).where(person_fields.c.person == sa.bindparam("b_person"))
    ),
)
_DESTROY = tuple(
    table.delete().where(table.c.person == sa.bindparam("b_person"))
    for table in (person_keys, person_fields)
)
_NOT_CONFIRMED = ~sa.exists().where(
    persons.c.person == sa.bindparam("b_person"), persons.c.confirmed_at.is_not(None)
)
_DESTROY_NEW = tuple(one.where(_NOT_CONFIRMED) for one in _DESTROY)
_FORGET_PERSON = persons.delete().where(
    persons.c.person == sa.bindparam("b_person"),
    sa.or_(persons.c.held_until.is_(None), persons.c.held_until <= sa.bindparam("now")),
)
_HOLD = (
    persons.update()
    .where(persons.c.person == sa.bindparam("b_person"))
    .values(held_until=sa.bindparam("until"))
)
_HEAD = sa.select(audit.c.number, audit.c.digest).order_by(audit.c.number.desc()).limit(1)
_ENTERED = sa.select(audit.c.number).where(audit.c.reference == sa.bindparam("reference"))
_ENTER = audit.insert()
_BOOK = sa.text("SELECT pg_advisory_xact_lock(4774537)")
_ADD_HONEY = {
    "sqlite": sqlite.insert(honey).on_conflict_do_nothing(),
    "postgresql": postgresql.insert(honey).on_conflict_do_nothing(),
}
_COLUMNS = [disclosures.c[name] for name in Disclosure.__struct_fields__]
_ASK = disclosures.insert()
_DISCLOSURE = sa.select(*_COLUMNS).where(disclosures.c.id == sa.bindparam("id")).with_for_update()
_BY_TICKET = (
    sa.select(*_COLUMNS).where(disclosures.c.ticket == sa.bindparam("ticket")).with_for_update()
)
_SALT = sa.select(disclosures.c.salt).where(disclosures.c.id == sa.bindparam("id"))
_APPROVALS = (
    sa.select(approvals)
    .where(approvals.c.disclosure == sa.bindparam("disclosure"))
    .order_by(approvals.c.at)
)
_APPROVE = approvals.insert()
_THIS = disclosures.update().where(disclosures.c.id == sa.bindparam("b_id"))
_REFUSE = _THIS.values(refused_at=sa.bindparam("now"))
_GIVE_TICKET = _THIS.values(ticket=sa.bindparam("digest"), ticket_until=sa.bindparam("until"))
_OPENED = _THIS.values(opened_at=sa.bindparam("now"))
_OPENED_IN = sa.select(sa.func.count()).where(
    disclosures.c.opened_at >= sa.bindparam("since"), disclosures.c.opened_at < sa.bindparam("upto")
)
_OPENED_OF = _OPENED_IN.where(disclosures.c.account == sa.bindparam("account"))
_ONE_LOOK = sa.text("SELECT pg_advisory_xact_lock(4774538)")
_FORGET_MARKS = persons.delete().where(persons.c.key_version == sa.bindparam("version"))
_REPORTED = sa.select(reported_months.c.month).where(
    reported_months.c.month == sa.bindparam("month")
)
_REPORT = {
    "sqlite": sqlite.insert(reported_months)
    .on_conflict_do_nothing()
    .returning(reported_months.c.month),
    "postgresql": postgresql.insert(reported_months)
    .on_conflict_do_nothing()
    .returning(reported_months.c.month),
}
_INTEND = {
    "sqlite": sqlite.insert(erasures).on_conflict_do_nothing(),
    "postgresql": postgresql.insert(erasures).on_conflict_do_nothing(),
}
_INTEND_AGAIN = (
    erasures.update()
    .where(erasures.c.person == sa.bindparam("b_person"))
    .values(asked_at=sa.bindparam("now"), destroyed_at=None)
)
_CONFIRM_ERASURE = (
    erasures.update()
    .where(erasures.c.person == sa.bindparam("b_person"))
    .values(destroyed_at=sa.bindparam("now"))
)


def person_for(
    tx: sa.Connection,
    fingerprint: Fingerprint,
    *,
    older: Iterable[Fingerprint] = (),
    known_as: str = "",
    now: datetime,
) -> str:
    """The opaque key of the person with this fingerprint; a new one for a new person.

    `older` are fingerprints of the same person under earlier keys: found by one of them, a person
    is written down under the newest. `known_as` is who stands behind the account so far: what
    was never seen, of a sector in which that person has nothing yet, is theirs as well.
    Asked again it answers the same, so it may be repeated after a crash.
    """
    row = msgspec.structs.asdict(fingerprint)
    found = next(filter(None, (_find_person(tx, one) for one in (fingerprint, *older))), None)
    added = row | {"first_seen_at": now, "person": _joined(tx, fingerprint, known_as)}
    if found is not None:
        added |= found._asdict()
    tx.execute(_ADD_PERSON[tx.dialect.name], added)
    return str(tx.execute(_PERSON, row).one().person)


def _find_person(tx: sa.Connection, fingerprint: Fingerprint) -> Any:
    return tx.execute(_PERSON, msgspec.structs.asdict(fingerprint)).one_or_none()


def _joined(tx: sa.Connection, fingerprint: Fingerprint, known_as: str) -> str:
    """Somebody who is known by a document may add a phone, but no second document."""
    row = {"person": known_as, "sector": fingerprint.sector}
    taken = not known_as or tx.scalar(_HAS_IN_SECTOR, row) is not None
    return new_secret() if taken else known_as


def confirm_persons(tx: sa.Connection, persons: list[str], *, now: datetime) -> int:
    """Note that accounts rest on these. Returns how many were not confirmed before."""
    return tx.execute(_CONFIRM, {"persons": persons, "now": now}).rowcount if persons else 0


def forget_persons(tx: sa.Connection, persons: list[str]) -> int:
    """Drop those of them that no account was ever seen to rest on. Returns how many."""
    for person in persons:
        for one in _DESTROY_NEW:
            tx.execute(one, {"b_person": person})
    return tx.execute(_FORGET_PERSONS, {"persons": persons}).rowcount if persons else 0


def add_record(tx: sa.Connection, record: SealedRecord) -> None:
    """Keep a sealed record; the same one again changes nothing."""
    _ADD_RECORD.run(tx, msgspec.structs.asdict(record))


def keep_contact(tx: sa.Connection, contact: SealedContact, *, now: datetime) -> None:
    """Keep a sealed contact in place of the one before.

    Dropped and added: to write over it, the serving role would have to be able to read it.
    """
    drop_contact(tx, contact.author)
    row = {"author": contact.author, "blob": contact.blob}
    dates = {"at": now, "expires_at": now + CONTACT_KEPT}
    tx.execute(_ADD_CONTACT, row | dates)


def drop_contact(tx: sa.Connection, author: str) -> int:
    """Returns how many there were: one or none."""
    return tx.execute(_DROP_CONTACT, {"author": author}).rowcount


def drop_expired(tx: sa.Connection, *, now: datetime) -> dict[str, int]:
    """Delete what has outlived the day written on it. Returns how many rows by table."""
    return {
        table.name: tx.execute(expired, {"now": now}).rowcount
        for table, expired in ((archive_contacts, _EXPIRED_CONTACTS), (network_records, _EXPIRED))
    }


def keep_person(tx: sa.Connection, sealed: SealedPerson, *, now: datetime) -> None:
    """Keep what is known of a person, closed. Fields that were kept before are replaced."""
    key = {"person": sealed.person, "key": sealed.key, "public": sealed.public}
    tx.execute(_ADD_KEY[tx.dialect.name], key | {"sealed_key": sealed.sealed_key, "at": now})
    for one in sealed.fields:
        tx.execute(_DROP_FIELD, {"b_person": sealed.person, "b_field": one.field.value})
        row = msgspec.structs.asdict(one) | {"field": one.field.value}
        tx.execute(_ADD_FIELD, row | {"person": sealed.person, "key": sealed.key})
    tx.execute(_DROP_UNUSED_KEYS, {"b_person": sealed.person})


def destroy_person(tx: sa.Connection, person: str, *, now: datetime) -> int:
    """Destroy the person's keys, and with them all that was closed; then the rest. How many rows.

    The fingerprint stays while it is held. Doing it again, as after a restore, does no harm.
    """
    gone = sum(tx.execute(one, {"b_person": person}).rowcount for one in _DESTROY)
    return gone + tx.execute(_FORGET_PERSON, {"b_person": person, "now": now}).rowcount


def hold_person(tx: sa.Connection, person: str, until: datetime | None) -> bool:
    """Know a person again until then, whatever is erased. None: no longer. False: unknown."""
    return tx.execute(_HOLD, {"b_person": person, "until": until}).rowcount > 0


def enter(tx: sa.Connection, *, reference: str, event: str, record: str, now: datetime) -> bool:
    """Enter a line into the vault's book. False: this one stands there already."""
    if tx.dialect.name == "postgresql":
        tx.execute(_BOOK)  # one line after another: each has the digest of the one before
    if tx.scalar(_ENTERED, {"reference": reference}) is not None:
        return False
    head = tx.execute(_HEAD).one_or_none()
    number, before = (head.number + 1, head.digest) if head else (1, "")
    entry = Entry(
        number=number,
        reference=reference,
        at=now,
        event=event,
        record=record,
        before=before,
        digest="",
    )
    tx.execute(_ENTER, msgspec.structs.asdict(entry) | {"digest": digest_of_entry(entry)})
    return True


def enter_gone(tx: sa.Connection, gone: Gone) -> None:
    """Enter a deletion, in the transaction that deletes. Nothing gone: nothing is entered."""
    if gone.rows:
        reference = f"{GONE}:{gone.data}:{gone.rows}:{new_secret()}"
        enter(tx, reference=reference, event=GONE, record="", now=gone.at)


def add_honey(tx: sa.Connection, mark: str) -> None:
    tx.execute(_ADD_HONEY[tx.dialect.name], {"mark": mark})


def add_disclosure(tx: sa.Connection, asked: Disclosure, *, salt: bytes) -> None:
    row = msgspec.structs.asdict(asked) | {"fields": [one.value for one in asked.fields]}
    tx.execute(_ASK, row | {"salt": salt})


def get_disclosure(tx: sa.Connection, disclosure: str) -> Disclosure:
    """Load and lock. Raises NoSuchDisclosure."""
    row = tx.execute(_DISCLOSURE, {"id": disclosure}).one_or_none()
    if row is None:
        raise NoSuchDisclosure
    return msgspec.convert(row, Disclosure, from_attributes=True)


def find_by_ticket(tx: sa.Connection, ticket: str) -> Disclosure | None:
    """Load and lock, so that a ticket used twice at once works once."""
    row = tx.execute(_BY_TICKET, {"ticket": digest_of(ticket)}).one_or_none()
    return None if row is None else msgspec.convert(row, Disclosure, from_attributes=True)


def salt_of(tx: sa.Connection, disclosure: str) -> bytes:
    return bytes(tx.execute(_SALT, {"id": disclosure}).scalar_one())


def approvals_of(tx: sa.Connection, disclosure: str) -> list[Approval]:
    """What was said, oldest first. Sound only while the disclosure is locked."""
    rows = tx.execute(_APPROVALS, {"disclosure": disclosure})
    return [msgspec.convert(row, Approval, from_attributes=True) for row in rows]


def add_approval(tx: sa.Connection, disclosure: str, approval: Approval) -> None:
    tx.execute(_APPROVE, msgspec.structs.asdict(approval) | {"disclosure": disclosure})


def refuse_disclosure(tx: sa.Connection, disclosure: str, *, now: datetime) -> None:
    tx.execute(_REFUSE, {"b_id": disclosure, "now": now})


def give_ticket(tx: sa.Connection, disclosure: str, ticket: str, *, until: datetime) -> None:
    tx.execute(_GIVE_TICKET, {"b_id": disclosure, "digest": digest_of(ticket), "until": until})


def mark_opened(tx: sa.Connection, disclosure: str, *, now: datetime) -> None:
    tx.execute(_OPENED, {"b_id": disclosure, "now": now})


def opened_between(tx: sa.Connection, since: datetime, upto: datetime) -> int:
    return tx.scalar(_OPENED_IN, {"since": since, "upto": upto}) or 0


def opened_lately(tx: sa.Connection, asked: Disclosure, *, now: datetime) -> tuple[int, int]:
    """How many were opened in a day, and of this account in a month; no other look meanwhile."""
    if tx.dialect.name == "postgresql":
        tx.execute(_ONE_LOOK)
    upto = now + timedelta(microseconds=1)
    of_account = {"since": now - MONTH, "upto": upto, "account": asked.account}
    return opened_between(tx, now - DAY, upto), tx.scalar(_OPENED_OF, of_account) or 0


def forget_marks(tx: sa.Connection, version: int) -> int:
    """Drop every fingerprint under one key. Returns how many."""
    return tx.execute(_FORGET_MARKS, {"version": version}).rowcount


def is_reported(tx: sa.Connection, month: str) -> bool:
    return tx.scalar(_REPORTED, {"month": month}) is not None


def report_month(tx: sa.Connection, month: str, count: int, *, leaf: str) -> bool:
    """Note that a month was published. False: it had been."""
    row = {"month": month, "count": count, "leaf": leaf}
    return tx.scalar(_REPORT[tx.dialect.name], row) is not None


def intend_erasure(tx: sa.Connection, person: str, account: str, *, now: datetime) -> None:
    """Write down that a person's keys are to be destroyed, also if they were once before."""
    row = {"person": person, "account": account, "asked_at": now}
    if not tx.execute(_INTEND[tx.dialect.name], row).rowcount:
        tx.execute(_INTEND_AGAIN, {"b_person": person, "now": now})


def confirm_erasure(tx: sa.Connection, person: str, *, now: datetime) -> None:
    tx.execute(_CONFIRM_ERASURE, {"b_person": person, "now": now})
