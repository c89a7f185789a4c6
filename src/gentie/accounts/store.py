"""The SQL of accounts that writes, and loads that lock. Speaks in model values."""

from collections.abc import Sequence
from datetime import datetime

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from gentie.accounts import rows
from gentie.accounts.lessons import LessonId
from gentie.accounts.model import (
    Acceptance,
    AccountState,
    AgreementVersion,
    Attempt,
    Attested,
    Consent,
    Factor,
    NameTaken,
    NewSession,
    NoSuchAccount,
    PosterFacts,
    Purpose,
    Session,
    Staff,
)
from gentie.accounts.tables import (
    acceptances,
    accounts,
    agreements,
    attempts,
    consents,
    lessons,
    names,
    passkeys,
    passwords,
    sessions,
    staff,
    staff_secrets,
    verifications,
)
from gentie.kernel.chance import digest_of, new_id
from gentie.kernel.ids import AccountId, ActorId, StaffId
from gentie.storage.schema import Id

_POSTER = rows.POSTER.with_for_update(of=accounts)
_ADD_ACCOUNT = accounts.insert()
_RENAME = accounts.update().where(accounts.c.account_id == sa.bindparam("b_account"))
_SET_NAME = _RENAME.values(name=sa.bindparam("b_name"))
_SET_STATE = _RENAME.values(state=sa.bindparam("b_state"))
_TAKE_NAME = {
    "sqlite": sqlite.insert(names).on_conflict_do_nothing().returning(names.c.name_key),
    "postgresql": postgresql.insert(names).on_conflict_do_nothing().returning(names.c.name_key),
}
_WHO_HAS = sa.select(names.c.account_id).where(names.c.name_key == sa.bindparam("name_key"))
_ADD_PASSWORD = passwords.insert()
_PASSWORD = sa.select(passwords.c.stored).where(passwords.c.account_id == sa.bindparam("account"))
_DROP_OWN = {
    str(table.name): table.delete().where(table.c.account_id == sa.bindparam("b_account"))
    for table in (lessons, passkeys, passwords)
}
_ADD_VERIFICATION = verifications.insert()
_REVOKE = (
    verifications.update()
    .where(
        verifications.c.account_id == sa.bindparam("b_account"),
        verifications.c.revoked_at.is_(None),
    )
    .values(revoked_at=sa.bindparam("now"), revoked_why=sa.bindparam("why"))
)
_REVOKE_PERSON = (
    verifications.update()
    .where(verifications.c.person == sa.bindparam("b_person"), verifications.c.revoked_at.is_(None))
    .values(revoked_at=sa.bindparam("now"), revoked_why=sa.bindparam("why"))
)
_ONE_BY_ONE = sa.text("SELECT pg_advisory_xact_lock(hashtext(:person))")
_OTHERS = sa.select(sa.func.count(sa.distinct(verifications.c.account_id))).where(
    verifications.c.person == sa.bindparam("person"),
    verifications.c.account_id != sa.bindparam("account"),
    verifications.c.revoked_at.is_(None),
    verifications.c.valid_until > sa.bindparam("now"),
)
_ADD_ATTEMPT = attempts.insert()
_ATTEMPT = (
    sa.select(
        attempts.c.account_id.label("account"),
        attempts.c.provider,
        attempts.c.back_to,
        attempts.c.expires_at,
        attempts.c.used_at,
    )
    .where(attempts.c.ticket == sa.bindparam("ticket"))
    .with_for_update()
)
_USE_ATTEMPT = (
    attempts.update()
    .where(attempts.c.ticket == sa.bindparam("b_ticket"))
    .values(used_at=sa.bindparam("now"))
)
_FORGET_ATTEMPTS = attempts.delete().where(attempts.c.expires_at < sa.bindparam("before"))
_OFFER = {
    name: insert(lessons).on_conflict_do_nothing()
    for name, insert in (("sqlite", sqlite.insert), ("postgresql", postgresql.insert))
}
_FINISH = (
    lessons.update()
    .where(
        lessons.c.account_id == sa.bindparam("b_account"),
        lessons.c.lesson == sa.bindparam("b_lesson"),
        lessons.c.done_at.is_(None),
    )
    .values(done_at=sa.bindparam("now"))
)
_ACCEPT = {
    "sqlite": sqlite.insert(acceptances).on_conflict_do_nothing(),
    "postgresql": postgresql.insert(acceptances).on_conflict_do_nothing(),
}
_ADD_CONSENT = consents.insert()
_ADD_AGREEMENT = {
    "sqlite": sqlite.insert(agreements).on_conflict_do_nothing().returning(agreements.c.number),
    "postgresql": postgresql.insert(agreements)
    .on_conflict_do_nothing()
    .returning(agreements.c.number),
}
_ADD_SESSION = sessions.insert()
_END_SESSION = (
    sessions.update()
    .where(sessions.c.token == sa.bindparam("b_token"), sessions.c.revoked_at.is_(None))
    .values(revoked_at=sa.bindparam("now"))
)
_END_ALL_SESSIONS = (
    sessions.update()
    .where(sessions.c.holder == sa.bindparam("b_holder"), sessions.c.revoked_at.is_(None))
    .values(revoked_at=sa.bindparam("now"))
)
_FORGET_SESSIONS = sessions.delete().where(sessions.c.expires_at < sa.bindparam("before"))
_FORGET_CLOSED = {
    str(table.name): table.delete().where(
        table.c.account_id.in_(sa.bindparam("accounts", expanding=True, type_=sa.Text))
    )
    for table in (acceptances, consents, verifications)
}
_ADD_STAFF = staff.insert()
_END_STAFF = staff.update().where(staff.c.id == sa.bindparam("b_id", type_=Id)).values(active=False)
_ADD_FACTOR = {
    "sqlite": sqlite.insert(staff_secrets)
    .on_conflict_do_nothing()
    .returning(staff_secrets.c.name_key),
    "postgresql": postgresql.insert(staff_secrets)
    .on_conflict_do_nothing()
    .returning(staff_secrets.c.name_key),
}
_FACTOR = (
    sa.select(
        staff_secrets.c.stored,
        staff_secrets.c.totp,
        staff_secrets.c.totp_counter,
        staff_secrets.c.failures,
        staff_secrets.c.wait_until,
    )
    .where(staff_secrets.c.staff_id == sa.bindparam("staff", type_=Id))
    .with_for_update()
)
_SET_FACTOR = (
    staff_secrets.update()
    .where(staff_secrets.c.staff_id == sa.bindparam("b_staff", type_=Id))
    .values(
        totp_counter=sa.bindparam("counter"),
        failures=sa.bindparam("b_failures"),
        wait_until=sa.bindparam("wait"),
    )
)


def get_poster(tx: sa.Connection, account: AccountId) -> PosterFacts:
    """Like `queries.get_poster`, and locks the account, so that it cannot be closed meanwhile.

    Raises:
        NoSuchAccount: there is none with this id.
    """
    row = tx.execute(_POSTER, {"account": account}).one_or_none()
    if row is None:
        raise NoSuchAccount(account=account)
    return rows.poster(row, rows.ACCEPTED.all(tx, {"account": account}))


def add_account(tx: sa.Connection, account: AccountId, *, name: str, now: datetime) -> None:
    row = {"account_id": account, "name": name, "avatar": "", "badges": []}
    tx.execute(_ADD_ACCOUNT, row | {"state": AccountState.ACTIVE.value, "opened_at": now})


def take_name(tx: sa.Connection, name_key: str, account: AccountId, *, now: datetime) -> None:
    """Reserve a name for good. An account may return to a name it had; nobody else gets it.

    Raises:
        NameTaken: somebody has, or had, this name or one that looks like it.
    """
    row = {"name_key": name_key, "account_id": account, "taken_at": now}
    taken = tx.scalar(_TAKE_NAME[tx.dialect.name], row)
    if taken is None and tx.scalar(_WHO_HAS, {"name_key": name_key}) != account:
        raise NameTaken


def set_name(tx: sa.Connection, account: AccountId, name: str) -> None:
    tx.execute(_SET_NAME, {"b_account": account, "b_name": name})


def set_state(tx: sa.Connection, account: AccountId, state: AccountState) -> None:
    tx.execute(_SET_STATE, {"b_account": account, "b_state": state.value})


def add_password(tx: sa.Connection, account: AccountId, stored: str, *, now: datetime) -> None:
    tx.execute(_ADD_PASSWORD, {"account_id": account, "stored": stored, "changed_at": now})


def drop_own(tx: sa.Connection, account: AccountId) -> dict[str, int]:
    """Drop passwords, passkeys and lessons of a closed account. Returns rows by table."""
    return {
        name: tx.execute(one, {"b_account": account}).rowcount for name, one in _DROP_OWN.items()
    }


def stored_password(tx: sa.Connection, account: AccountId) -> str | None:
    return tx.scalar(_PASSWORD, {"account": account})


def add_verification(
    tx: sa.Connection,
    account: AccountId,
    attested: Attested,
    *,
    provider: str,
    person: str,
    now: datetime,
) -> None:
    row = msgspec.structs.asdict(attested) | {"account_id": account, "id": new_id()}
    del row["age"]  # has a table of its own
    tx.execute(
        _ADD_VERIFICATION, row | {"provider": provider, "person": person, "recorded_at": now}
    )


def revoke_verifications(tx: sa.Connection, account: AccountId, *, why: str, now: datetime) -> int:
    """End all that still count. Returns how many there were."""
    return tx.execute(_REVOKE, {"b_account": account, "why": why, "now": now}).rowcount


def revoke_person(tx: sa.Connection, person: str, *, why: str, now: datetime) -> int:
    """End all that count for a person, whichever account they have. Returns how many there were."""
    return tx.execute(_REVOKE_PERSON, {"b_person": person, "why": why, "now": now}).rowcount


def count_others(tx: sa.Connection, account: AccountId, person: str, *, now: datetime) -> int:
    """How many other accounts are verified for a person. Until the end of `tx` none can join."""
    if tx.dialect.name == "postgresql":
        tx.execute(_ONE_BY_ONE, {"person": person})
    return tx.scalar(_OTHERS, {"person": person, "account": account, "now": now}) or 0


def add_attempt(tx: sa.Connection, ticket: str, attempt: Attempt) -> None:
    row = msgspec.structs.asdict(attempt) | {"ticket": digest_of(ticket)}
    tx.execute(_ADD_ATTEMPT, {("account_id" if k == "account" else k): v for k, v in row.items()})


def find_attempt(tx: sa.Connection, ticket: str) -> Attempt | None:
    """Load and lock, so that a callback that comes twice is used once."""
    row = tx.execute(_ATTEMPT, {"ticket": digest_of(ticket)}).one_or_none()
    return None if row is None else msgspec.convert(row, Attempt, from_attributes=True)


def use_attempt(tx: sa.Connection, ticket: str, *, now: datetime) -> None:
    tx.execute(_USE_ATTEMPT, {"b_ticket": digest_of(ticket), "now": now})


def forget_attempts(tx: sa.Connection, *, before: datetime) -> int:
    """Drop attempts that ended before then. Returns how many."""
    return tx.execute(_FORGET_ATTEMPTS, {"before": before}).rowcount


def add_acceptance(tx: sa.Connection, account: AccountId, acceptance: Acceptance) -> None:
    """Record it; a second one of the same version changes nothing."""
    row = msgspec.structs.asdict(acceptance) | {"account_id": account}
    tx.execute(_ACCEPT[tx.dialect.name], row)
    offer_lesson(tx, account, LessonId.FIRST_COMMENT, now=acceptance.at)


def offer_lesson(
    tx: sa.Connection,
    account: AccountId,
    lesson: LessonId,
    *,
    about: str = "",
    site: str = "",
    now: datetime,
) -> None:
    """Offer it, once for each thing that it is about."""
    row = {"account_id": account, "lesson": lesson.value, "about": about, "site_id": site}
    tx.execute(_OFFER[tx.dialect.name], row | {"offered_at": now})


def finish_lesson(
    tx: sa.Connection, account: AccountId, lesson: LessonId, *, now: datetime
) -> None:
    """Whatever it was offered with: it has been read now."""
    offer_lesson(tx, account, lesson, now=now)
    tx.execute(_FINISH, {"b_account": account, "b_lesson": lesson.value, "now": now})


def add_consent(tx: sa.Connection, account: AccountId, consent: Consent) -> None:
    row = {"account_id": account, "id": new_id(), "purpose": consent.purpose.value}
    said = {"version": consent.version, "given": consent.given, "at": consent.at}
    tx.execute(_ADD_CONSENT, row | said)


def consents_of(tx: sa.Connection, account: AccountId) -> dict[Purpose, Consent]:
    return rows.consents_by_purpose(tx.execute(rows.CONSENTS, {"account": account}).all())


def newest_agreement(tx: sa.Connection, regime: str) -> AgreementVersion | None:
    """The highest number under a regime, in force or not yet."""
    row = tx.execute(rows.NEWEST_AGREEMENT, {"regime": regime}).one_or_none()
    return None if row is None else rows.agreement(row)


def add_agreement(tx: sa.Connection, version: AgreementVersion) -> bool:
    """Store a version. False: another process has just stored one with this number."""
    row = msgspec.structs.asdict(version) | {"text": msgspec.json.encode(version.text)}
    return tx.scalar(_ADD_AGREEMENT[tx.dialect.name], row) is not None


def add_session(tx: sa.Connection, session: NewSession, *, now: datetime) -> None:
    row = {"token": digest_of(session.token), "holder": session.holder}
    terms = {"kind": session.kind.value, "opened_at": now, "expires_at": session.expires_at}
    tx.execute(_ADD_SESSION, row | terms)


def find_session(tx: sa.Connection, token: str) -> Session | None:
    row = tx.execute(rows.SESSION, {"token": digest_of(token)}).one_or_none()
    return None if row is None else rows.session(row)


def end_session(tx: sa.Connection, token: str, *, now: datetime) -> bool:
    """False: it was unknown or had been ended."""
    return tx.execute(_END_SESSION, {"b_token": digest_of(token), "now": now}).rowcount == 1


def end_sessions_of(tx: sa.Connection, holder: ActorId, *, now: datetime) -> int:
    """End every session of an account or staff member. Returns how many were open."""
    return tx.execute(_END_ALL_SESSIONS, {"b_holder": holder, "now": now}).rowcount


def forget_sessions(tx: sa.Connection, *, before: datetime) -> int:
    """Drop sessions that ended before then. Returns how many."""
    return tx.execute(_FORGET_SESSIONS, {"before": before}).rowcount


def forget_closed(tx: sa.Connection, closed: Sequence[AccountId]) -> dict[str, int]:
    """Drop what is kept to show what closed accounts agreed to. Returns how many by table."""
    facts = {"accounts": list(closed)}
    return {name: tx.execute(one, facts).rowcount for name, one in _FORGET_CLOSED.items()}


def add_staff(tx: sa.Connection, member: Staff, *, now: datetime) -> None:
    row = msgspec.structs.asdict(member) | {"role": member.role.value, "since": now}
    tx.execute(_ADD_STAFF, row)


def end_staff(tx: sa.Connection, member: StaffId) -> bool:
    """False: there is no such staff member."""
    return tx.execute(_END_STAFF, {"b_id": member}).rowcount == 1


def add_staff_secret(
    tx: sa.Connection, member: StaffId, *, name_key: str, stored: str, totp: bytes
) -> None:
    """Raises NameTaken: another staff member signs in under a name that looks like this one."""
    row = {"name_key": name_key, "staff_id": member, "stored": stored, "totp": totp}
    added = row | {"totp_counter": 0, "failures": 0}
    if tx.scalar(_ADD_FACTOR[tx.dialect.name], added) is None:
        raise NameTaken


def find_factor(tx: sa.Connection, member: StaffId) -> Factor | None:
    """Load and lock, so that a code sent twice at once works once."""
    row = tx.execute(_FACTOR, {"staff": member}).one_or_none()
    return None if row is None else msgspec.convert(row, Factor, from_attributes=True)


def set_factor(
    tx: sa.Connection, member: StaffId, *, counter: int, failures: int, wait: datetime | None
) -> None:
    row = {"b_staff": member, "counter": counter, "b_failures": failures, "wait": wait}
    tx.execute(_SET_FACTOR, row)
