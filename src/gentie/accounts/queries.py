"""What the rest of the house may know of accounts. Reads only; nothing here can name a person."""

from datetime import datetime

import msgspec
import sqlalchemy as sa

from gentie.accounts import rows
from gentie.accounts.model import (
    AccountState,
    AgreementHead,
    AgreementVersion,
    Consent,
    Credentials,
    NoAgreement,
    NoSuchAccount,
    Offered,
    PosterFacts,
    Purpose,
    Session,
    Staff,
)
from gentie.accounts.roles import SCOPES, staff_actor_id
from gentie.accounts.tables import (
    accounts,
    agreements,
    lessons,
    names,
    passwords,
    staff,
    staff_secrets,
    verifications,
)
from gentie.kernel.chance import digest_of
from gentie.kernel.ids import AccountId, ActorId, StaffId
from gentie.storage.prepared import Prepared

_IN_FORCE = rows.NEWEST_AGREEMENT.where(agreements.c.in_force_from <= sa.bindparam("now"))
_POSTER = Prepared(rows.POSTER)
_SESSION = Prepared(rows.SESSION)
_HEAD_IN_FORCE = Prepared(rows.NEWEST_HEAD.where(agreements.c.in_force_from <= sa.bindparam("now")))
_ALL_AGREEMENTS = (
    sa.select(agreements)
    .where(agreements.c.regime == sa.bindparam("regime"))
    .order_by(agreements.c.number)
)
_ALL_STAFF = sa.select(staff).order_by(staff.c.id)
_CREDENTIALS = (
    sa.select(passwords.c.account_id, passwords.c.stored)
    .select_from(passwords.join(names, names.c.account_id == passwords.c.account_id))
    .where(names.c.name_key == sa.bindparam("name_key"))
)
_HAS_PASSWORD = sa.select(passwords.c.account_id).where(
    passwords.c.account_id == sa.bindparam("account")
)
_STAFF_CREDENTIALS = sa.select(staff_secrets.c.staff_id, staff_secrets.c.stored).where(
    staff_secrets.c.name_key == sa.bindparam("name_key")
)
_OTHERS = sa.select(sa.func.count(sa.distinct(accounts.c.account_id))).where(
    accounts.c.account_id == verifications.c.account_id,
    accounts.c.account_id != sa.bindparam("account"),
    accounts.c.state != AccountState.CLOSED.value,
    verifications.c.person == sa.bindparam("person"),
    verifications.c.revoked_at.is_(None),
)
_KNOWN_PERSONS = sa.select(verifications.c.person).where(
    verifications.c.person.in_(sa.bindparam("persons", expanding=True))
)
_OPENED = (
    sa.select(accounts.c.account_id)
    .where(
        accounts.c.opened_at <= sa.bindparam("upto"),
        accounts.c.account_id > sa.bindparam("after"),
    )
    .order_by(accounts.c.account_id)
    .limit(sa.bindparam("most", type_=sa.Integer))
)
_ANY_VERIFIED = (
    sa.select(verifications.c.id)
    .where(verifications.c.recorded_at < sa.bindparam("before"))
    .limit(1)
)
_OF_PERSON = (
    sa.select(verifications.c.account_id)
    .where(verifications.c.person == sa.bindparam("person"))
    .distinct()
)
_JOINED = sa.select(accounts.c.opened_at).where(accounts.c.account_id == sa.bindparam("account"))

_LESSONS = (
    sa.select(
        lessons.c.lesson,
        lessons.c.about,
        lessons.c.site_id.label("site"),
        lessons.c.offered_at,
        lessons.c.done_at,
    )
    .where(lessons.c.account_id == sa.bindparam("account"))
    .order_by(lessons.c.offered_at.desc(), lessons.c.lesson, lessons.c.about)
)


def find_joined(tx: sa.Connection, account: AccountId) -> datetime | None:
    """When an account was opened. None: there is none, as for imported authors."""
    joined: datetime | None = tx.scalar(_JOINED, {"account": account})
    return joined


def get_poster(tx: sa.Connection, account: AccountId) -> PosterFacts:
    """What the gates need of an author: two statements by key, no lock.

    Raises:
        NoSuchAccount: there is none with this id.
    """
    row = _POSTER.first(tx, {"account": account})
    if row is None:
        raise NoSuchAccount(account=account)
    return rows.poster(row, rows.ACCEPTED.all(tx, {"account": account}))


def head_in_force(tx: sa.Connection, regime_id: str, now: datetime) -> AgreementHead:
    """The newest version whose day has come, without its text.

    Raises:
        NoAgreement: none has been published under this regime.
    """
    row = _HEAD_IN_FORCE.first(tx, {"regime": regime_id, "now": now})
    if row is None:
        raise NoAgreement(regime=regime_id)
    return AgreementHead(
        regime=row.regime,
        number=row.number,
        policy=row.policy,
        in_force_from=row.in_force_from,
    )


def agreement_in_force(tx: sa.Connection, regime_id: str, now: datetime) -> AgreementVersion:
    """The newest version whose day has come.

    Raises:
        NoAgreement: none has been published under this regime.
    """
    row = tx.execute(_IN_FORCE, {"regime": regime_id, "now": now}).one_or_none()
    if row is None:
        raise NoAgreement(regime=regime_id)
    return rows.agreement(row)


def get_agreement(tx: sa.Connection, regime_id: str, number: int) -> AgreementVersion:
    """Any version there ever was. Raises NoAgreement."""
    for one in agreement_versions(tx, regime_id):
        if one.number == number:
            return one
    raise NoAgreement(regime=regime_id)


def agreement_versions(tx: sa.Connection, regime_id: str) -> list[AgreementVersion]:
    """All versions there ever were under a regime, oldest first."""
    return [rows.agreement(row) for row in tx.execute(_ALL_AGREEMENTS, {"regime": regime_id})]


def find_session(tx: sa.Connection, token: str) -> Session | None:
    return find_session_under(tx, digest_of(token))


def find_session_under(tx: sa.Connection, digest: str) -> Session | None:
    """By the digest of its token: for what hangs on a session and must not hold it."""
    row = _SESSION.first(tx, {"token": digest})
    return None if row is None else rows.session(row)


def find_staff(tx: sa.Connection, staff_id: StaffId) -> Staff | None:
    row = tx.execute(rows.STAFF, {"id": staff_id}).one_or_none()
    return None if row is None else rows.staff_member(row)


def all_staff(tx: sa.Connection) -> list[Staff]:
    """Everybody, also who has left, in order of joining."""
    return [rows.staff_member(row) for row in tx.execute(_ALL_STAFF)]


def reviewers(tx: sa.Connection) -> list[Staff]:
    """Who could check a colleague's decision: active, and in a role that decides."""
    return [one for one in all_staff(tx) if one.active and "review:decide" in SCOPES[one.role]]


def find_credentials(tx: sa.Connection, name_key: str) -> Credentials | None:
    """What a commenter's password is checked against. None: nobody has that name."""
    row = tx.execute(_CREDENTIALS, {"name_key": name_key}).one_or_none()
    return row and Credentials(holder=ActorId(row.account_id), stored=row.stored)


def has_password(tx: sa.Connection, account: AccountId) -> bool:
    """False: one signs in by other means."""
    return tx.scalar(_HAS_PASSWORD, {"account": account}) is not None


def find_staff_credentials(tx: sa.Connection, name_key: str) -> Credentials | None:
    row = tx.execute(_STAFF_CREDENTIALS, {"name_key": name_key}).one_or_none()
    return row and Credentials(holder=staff_actor_id(StaffId(row.staff_id)), stored=row.stored)


def lessons_of(tx: sa.Connection, account: AccountId) -> list[Offered]:
    """Lessons that were offered, the latest first."""
    rows = tx.execute(_LESSONS, {"account": account})
    return [msgspec.convert(row, Offered, from_attributes=True) for row in rows]


def consents_of(tx: sa.Connection, account: AccountId) -> dict[Purpose, Consent]:
    """The last word on each purpose. Missing: never asked, or never answered."""
    return rows.consents_by_purpose(tx.execute(rows.CONSENTS, {"account": account}).all())


def accounts_of(tx: sa.Connection, person: str) -> list[AccountId]:
    """The accounts that were ever verified as one person's."""
    return [AccountId(one) for one in tx.scalars(_OF_PERSON, {"person": person})]


def others_of(tx: sa.Connection, person: str, account: AccountId) -> int:
    """How many other accounts, not closed, rest on the same person."""
    return tx.scalar(_OTHERS, {"person": person, "account": account}) or 0


def known_persons(tx: sa.Connection, persons: list[str]) -> set[str]:
    """Which of these person keys stand behind some account."""
    return set(tx.scalars(_KNOWN_PERSONS, {"persons": persons}))


def opened_before(tx: sa.Connection, upto: datetime, *, after: str, most: int) -> list[AccountId]:
    """Accounts that there were by then, the closed ones too, in order of id, after `after`."""
    facts = {"upto": upto, "after": after, "most": most}
    return [AccountId(one) for one in tx.scalars(_OPENED, facts)]


def any_verified(tx: sa.Connection, *, before: datetime) -> bool:
    """Whether anybody had been verified here by then."""
    return tx.scalar(_ANY_VERIFIED, {"before": before}) is not None
