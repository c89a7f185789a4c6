"""What may be read of the vault by the serving process: nothing that names or locates anybody."""

from collections.abc import Sequence
from datetime import datetime

import msgspec
import sqlalchemy as sa

from gentie.vault.model import (
    GONE,
    Approval,
    Disclosure,
    Entry,
    Field,
    Gone,
    SealedField,
    SealedPerson,
)
from gentie.vault.rules import gone_in
from gentie.vault.tables import (
    approvals,
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

_UNCONFIRMED = (
    sa.select(persons.c.person)
    .where(persons.c.confirmed_at.is_(None), persons.c.first_seen_at < sa.bindparam("before"))
    .order_by(persons.c.first_seen_at)
    .limit(500)
)
_NEWER = persons.alias("newer")
_ALONE = sa.select(sa.func.count()).where(
    persons.c.key_version == sa.bindparam("version"),
    ~sa.exists().where(
        _NEWER.c.person == persons.c.person,
        _NEWER.c.sector == persons.c.sector,
        _NEWER.c.key_version > persons.c.key_version,
    ),
)
_STOCK = sa.select(
    sa.func.count(),
    sa.func.min(network_records.c.at),
    sa.func.min(network_records.c.expires_at),
)
_BOOK = sa.select(audit).order_by(audit.c.number)
_GONE = _BOOK.where(audit.c.event == GONE, audit.c.at >= sa.bindparam("since"))
_HEAD = sa.select(audit.c.digest).order_by(audit.c.number.desc()).limit(1)
_KEYS_OF = sa.select(person_keys).where(person_keys.c.person == sa.bindparam("person"))
_FIELDS_OF = sa.select(person_fields).where(person_fields.c.person == sa.bindparam("person"))
_RECORDS_OF = sa.select(network_records.c.reference, network_records.c.blob).where(
    network_records.c.subject == sa.bindparam("subject")
)
_HELD = sa.select(persons.c.held_until).where(persons.c.person == sa.bindparam("person")).limit(1)
_KEPT = sa.select(person_fields.c.field).where(person_fields.c.person == sa.bindparam("person"))
_HONEY = sa.select(honey.c.mark).where(honey.c.mark == sa.bindparam("mark"))
_COLUMNS = [disclosures.c[name] for name in Disclosure.__struct_fields__]
_ALL = sa.select(*_COLUMNS).order_by(disclosures.c.asked_at.desc()).limit(200)
_OF_ACCOUNT = (
    sa.select(*_COLUMNS)
    .where(disclosures.c.account == sa.bindparam("account"), disclosures.c.opened_at.is_not(None))
    .order_by(disclosures.c.opened_at.desc())
)
_APPROVALS = (
    sa.select(approvals)
    .where(approvals.c.disclosure.in_(sa.bindparam("ids", expanding=True)))
    .order_by(approvals.c.at)
)
_WAITING_ERASURES = sa.select(erasures.c.person).where(
    erasures.c.destroyed_at.is_(None),
    erasures.c.account.not_in(sa.bindparam("held", expanding=True, type_=sa.Text)),
)
_DESTROYED = sa.select(erasures.c.person).where(erasures.c.destroyed_at.is_not(None))
_ERASED = sa.select(erasures.c.person).where(erasures.c.person == sa.bindparam("person"))
_MONTHS = sa.select(reported_months).order_by(reported_months.c.month.desc()).limit(24)


class Stock(msgspec.Struct, frozen=True, kw_only=True):
    """How many network records are kept, and since when."""

    records: int
    oldest: datetime | None
    next_expiry: datetime | None


def unconfirmed_persons(tx: sa.Connection, *, before: datetime) -> list[str]:
    """Persons first seen before then whom no account was seen to rest on: left by a crash."""
    return list(tx.scalars(_UNCONFIRMED, {"before": before}))


def known_by_alone(tx: sa.Connection, version: int) -> int:
    """How many persons have a mark under this key and none under a newer one."""
    return tx.scalar(_ALONE, {"version": version}) or 0


def stock(tx: sa.Connection) -> Stock:
    records, oldest, next_expiry = tx.execute(_STOCK).one()
    return Stock(records=records, oldest=oldest, next_expiry=next_expiry)


def book(tx: sa.Connection) -> list[Entry]:
    """The vault's own book, oldest line first. `tx` is the vault's."""
    return [msgspec.convert(row, Entry, from_attributes=True) for row in tx.execute(_BOOK)]


def gone_since(tx: sa.Connection, since: datetime) -> list[Gone]:
    """What was deleted in the vault since then, oldest first. `tx` is the vault's."""
    rows = tx.execute(_GONE, {"since": since})
    return [*gone_in(msgspec.convert(row, Entry, from_attributes=True) for row in rows)]


def head_of_book(tx: sa.Connection) -> str:
    """Digest of the last line. Empty: there is none. `tx` is the vault's."""
    return tx.scalar(_HEAD) or ""


def sealed_person(tx: sa.Connection, person: str) -> list[SealedPerson]:
    """What is kept of a person, closed: one for each key. `tx` is the vault's, as its owner."""
    fields = tx.execute(_FIELDS_OF, {"person": person}).all()
    return [
        SealedPerson(
            person=person,
            key=row.key,
            public=row.public,
            sealed_key=row.sealed_key,
            fields=tuple(
                SealedField(field=Field(one.field), version=one.version, blob=one.blob)
                for one in fields
                if one.key == row.key
            ),
        )
        for row in tx.execute(_KEYS_OF, {"person": person})
    ]


def sealed_records(tx: sa.Connection, subject: str) -> list[tuple[str, bytes]]:
    """Network records of a contribution: reference and seal. `tx` is the vault owner's."""
    return [(row.reference, row.blob) for row in tx.execute(_RECORDS_OF, {"subject": subject})]


def is_honey(tx: sa.Connection, mark: str) -> bool:
    """Whether this is bait (`rules.mark_of`). `tx` is the vault's."""
    return tx.scalar(_HONEY, {"mark": mark}) is not None


def held_until(tx: sa.Connection, person: str) -> datetime | None:
    """Until when a person is known again whatever is erased. None: no hold. `tx` is the vault's."""
    until: datetime | None = tx.scalar(_HELD, {"person": person})
    return until


def fields_kept(tx: sa.Connection, person: str) -> list[Field]:
    """Which fields are kept, sealed, of a person. `tx` is the vault's."""
    return sorted(Field(one) for one in tx.scalars(_KEPT, {"person": person}))


def all_disclosures(tx: sa.Connection) -> list[tuple[Disclosure, list[Approval]]]:
    """The newest 200 requests with what was said to each."""
    found = [_disclosure(row) for row in tx.execute(_ALL)]
    said: dict[str, list[Approval]] = {one.id: [] for one in found}
    for row in tx.execute(_APPROVALS, {"ids": [*said]}):
        said[row.disclosure].append(msgspec.convert(row, Approval, from_attributes=True))
    return [(one, said[one.id]) for one in found]


def opened_about(tx: sa.Connection, account: str) -> list[Disclosure]:
    """What was opened about an account, newest first; whether they may know is for the rules."""
    return [_disclosure(row) for row in tx.execute(_OF_ACCOUNT, {"account": account})]


def waiting_erasures(tx: sa.Connection, held: Sequence[str] = ()) -> list[str]:
    """Persons whose keys are to be destroyed and are not yet, but for held accounts."""
    return list(tx.scalars(_WAITING_ERASURES, {"held": list(held)}))


def destroyed_persons(tx: sa.Connection) -> list[str]:
    """Persons whose keys are confirmed to be gone. `tx` is the main database's."""
    return list(tx.scalars(_DESTROYED))


def was_erased(tx: sa.Connection, person: str) -> bool:
    """Whether this person's keys were to be destroyed: nobody has them as a person any more."""
    return tx.scalar(_ERASED, {"person": person}) is not None


class Month(msgspec.Struct, frozen=True, kw_only=True):
    month: str
    """For example "2026-10"."""
    count: int


def reported(tx: sa.Connection) -> list[Month]:
    """Months whose count stands in the log, newest first. Not for the public as it is."""
    return [msgspec.convert(row, Month, from_attributes=True) for row in tx.execute(_MONTHS)]


def _disclosure(row: object) -> Disclosure:
    return msgspec.convert(row, Disclosure, from_attributes=True)
