"""The people of the demo: how they join, and what a visitor needs to take their place."""

import base64
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Final

import msgspec
import sqlalchemy as sa

from gentie.accounts import queries, totp
from gentie.accounts.model import Attested, Purpose, Role, SessionKind, WrongCredentials
from gentie.accounts.names import name_key
from gentie.accounts.roles import actor_of_account, actor_of_staff
from gentie.actions.identity.accept_agreement import accept_agreement
from gentie.actions.identity.complete_verification import complete_verification
from gentie.actions.identity.give_consent import give_consent
from gentie.actions.identity.open_account import open_account
from gentie.actions.identity.open_staff import NewStaff, open_staff
from gentie.actions.identity.sign_in import sign_in
from gentie.actions.identity.sign_in_staff import sign_in_staff
from gentie.demo.content import Content, Part
from gentie.kernel.actor import ANYONE, OPERATOR, Actor

PROVIDER: Final = "sandbox"
READERS: Final = 64
"""Silent readers who agree with others."""
STAFF: Final = {
    "moderator": Role.MODERATOR,
    "second_moderator": Role.MODERATOR,
    "chief_editor": Role.CHIEF_EDITOR,
    "compliance": Role.COMPLIANCE,
    "compliance_second": Role.COMPLIANCE,
    "admin": Role.ADMIN,
}
"""Parts that are staff. All others are commenters."""


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One line of accounts.json."""

    role: str
    name: str
    token: str
    """For `Authorization: Bearer`."""
    password: str
    totp_secret: str
    """Base32, as authenticator apps take it. Empty: no second factor."""
    note: str


class Secret(msgspec.Struct, frozen=True, kw_only=True):
    password: str
    stored: str
    """The password as the service keeps it."""
    factor: bytes
    """The shared secret of the second factor, for staff."""


class Keys(msgspec.Struct, frozen=True, kw_only=True):
    """What joining needs of the instance."""

    factor: bytes
    """Encrypts second factors."""
    persons: dict[str, str]
    """Vault keys of those who are verified, by the name they have in `person_names`."""
    secrets: dict[str, Secret]
    """By role. "" is for everybody who is no part."""


def person_names(content: Content) -> list[str]:
    """Everybody who is verified. The newcomer is not."""
    return [*(one.id for one in content.people), *(f"reader-{n}" for n in range(1, READERS + 1))]


def join(
    tx: sa.Connection, content: Content, keys: Keys, *, regimes: list[str], now: datetime
) -> dict[str, Actor]:
    """Let everybody in. Returns who may act, by person id, reader name or staff role."""
    parts = {part.person: part for part in content.cast if part.person}
    names = {person.id: person.name for person in content.people}
    actors: dict[str, Actor] = {}
    for who in person_names(content):
        name = names.get(who) or f"江边读者 {who.removeprefix('reader-')}"
        role = parts[who].role if who in parts else ""
        actors[who] = _open(tx, name, keys.secrets[role].stored, now=now)
        _verify(tx, keys.persons[who], acting=actors[who], now=now)
        _agree(tx, regimes, acting=actors[who], now=now)
    for part in content.cast:
        if part.role in STAFF:
            actors[part.role] = _employ(tx, part, keys, now=now)
        elif not part.person:
            actors[part.role] = _open(tx, part.name, keys.secrets[part.role].stored, now=now)
    return actors


def _open(tx: sa.Connection, name: str, stored: str, *, now: datetime) -> Actor:
    return actor_of_account(open_account(tx, name, stored=stored, acting=ANYONE, now=now))


def _verify(tx: sa.Connection, person: str, *, acting: Actor, now: datetime) -> None:
    give_consent(tx, Purpose.IDENTITY_CHECK, acting=acting, now=now)
    attested = Attested(
        framework="sandbox",
        level="high",
        method="id_number",
        verified_at=now - timedelta(days=10),
        valid_until=now + timedelta(days=700),
    )
    complete_verification(tx, attested, provider=PROVIDER, person=person, acting=acting, now=now)


def _agree(tx: sa.Connection, regimes: list[str], *, acting: Actor, now: datetime) -> None:
    for regime in regimes:
        number = queries.agreement_in_force(tx, regime, now).number
        accept_agreement(tx, regime, number=number, acting=acting, now=now)


def _employ(tx: sa.Connection, part: Part, keys: Keys, *, now: datetime) -> Actor:
    secret = keys.secrets[part.role]
    new = NewStaff(
        name=part.name, role=STAFF[part.role], stored=secret.stored, factor=secret.factor
    )
    member = open_staff(tx, new, factor_key=keys.factor, acting=OPERATOR, now=now)
    return actor_of_staff(member)


def enter(
    tx: sa.Connection, part: Part, secret: Secret, *, factor_key: bytes, now: datetime
) -> Entry:
    """Sign a part in for scripts, and say what a visitor needs to take it."""
    staff = part.role in STAFF
    return Entry(
        role=part.role,
        name=part.name,
        token=sign_in_part(tx, part, secret.factor, factor_key=factor_key, now=now),
        password=secret.password,
        totp_secret=totp.as_base32(secret.factor) if staff else "",
        note=f"{part.try_.zh} / {part.try_.en}",
    )


def good_for(tx: sa.Connection, token: str, term: timedelta, *, now: datetime) -> bool:
    """Whether a token still opens a session after `term`."""
    session = queries.find_session(tx, token)
    return session is not None and session.revoked_at is None and now + term < session.expires_at


def again(
    tx: sa.Connection, part: Part, entry: Entry, *, factor_key: bytes, now: datetime
) -> Entry:
    """The entry with a new token."""
    factor = base64.b32decode(entry.totp_secret + "=" * (-len(entry.totp_secret) % 8))
    token = sign_in_part(tx, part, factor, factor_key=factor_key, now=now)
    return msgspec.structs.replace(entry, token=token)


def sign_in_part(
    tx: sa.Connection, part: Part, factor: bytes, *, factor_key: bytes, now: datetime
) -> str:
    """A new bearer token for a part whose password has not changed."""
    if part.role not in STAFF:
        proven = queries.find_credentials(tx, name_key(part.name))
        return sign_in(tx, proven, kind=SessionKind.BEARER, acting=ANYONE, now=now).token
    present = totp.counter_at(now)
    # The code before this one first, so that the present one is still good for who reads it. A
    # code is good once: who has just signed in and starts the demo again has used it up.
    for counter in (present - 1, present):
        with suppress(WrongCredentials):
            return _sign_in(tx, part, totp.code_of(factor, counter), factor_key, now=now)
    return _sign_in(tx, part, totp.code_of(factor, present + 1), factor_key, now=now)


def _sign_in(tx: sa.Connection, part: Part, code: str, factor_key: bytes, *, now: datetime) -> str:
    return sign_in_staff(
        tx,
        queries.find_staff_credentials(tx, name_key(part.name)),
        code=code,
        factor_key=factor_key,
        kind=SessionKind.BEARER,
        acting=ANYONE,
        now=now,
    ).token
