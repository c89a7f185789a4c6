"""The nouns of accounts: who may post, what they showed, what they agreed to, how they sign in."""

import enum
from datetime import datetime, timedelta

import msgspec

from gentie.catalogue.regimes import Text
from gentie.kernel.ids import AccountId, ActorId, SiteId, StaffId
from gentie.kernel.refusal import Refusal

MIN_PASSWORD = 10
"""Characters. Length is what helps; rules about kinds of characters are not."""
VERIFY_PATH = "/account/verify"
AGREEMENT_PATH = "/account/agreement"
ME_PATH = "/account/me"


class AccountState(enum.StrEnum):
    ACTIVE = "active"
    RESTRICTED = "restricted"
    """May read, report and appeal, but not post for now."""
    CLOSED = "closed"


class Verification(msgspec.Struct, frozen=True, kw_only=True):
    """What an issuer said of the person behind an account. No name, no number."""

    framework: str
    """The trust framework the issuer works under, for example "sandbox"."""
    level: str
    method: str
    """Of phone, id_number, org_code, other."""
    verified_at: datetime
    """When the issuer verified, not when we heard of it."""
    valid_until: datetime
    revoked_at: datetime | None = None
    person: str
    """Opaque and the same for all accounts of one person; opens nothing."""


class Acceptance(msgspec.Struct, frozen=True, kw_only=True):
    regime: str
    number: int
    at: datetime


class PosterFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What the gates before a contribution need to know of its author."""

    account: AccountId
    name: str
    avatar: str
    """Path of a picture. Empty: none chosen."""
    badges: tuple[str, ...]
    state: AccountState
    verification: Verification | None
    """The latest, also when it has ended. None: never verified."""
    accepted: tuple[Acceptance, ...]
    """All acceptances under all regimes, oldest first."""


class Paragraph(msgspec.Struct, frozen=True):
    number: str
    """What decisions cite, for example "3.2"."""
    text: Text


class Section(msgspec.Struct, frozen=True):
    number: str
    title: Text
    paragraphs: tuple[Paragraph, ...]


class AgreementText(msgspec.Struct, frozen=True):
    summary: tuple[Text, ...]
    """The plain short form, one thought each. The sections are what binds."""
    sections: tuple[Section, ...]


class AgreementHead(msgspec.Struct, frozen=True, kw_only=True):
    """Which service agreement is in force under one regime: all that a gate needs of it."""

    regime: str
    number: int
    """1, 2, 3 ... under its regime."""
    policy: str
    """The regime and its version, for example "cn-2022-final/1"."""
    in_force_from: datetime


class AgreementVersion(AgreementHead, frozen=True, kw_only=True):
    """The service agreement under one regime, as people accepted it. Never changed."""

    text: AgreementText


class Offered(msgspec.Struct, frozen=True, kw_only=True):
    """A lesson that was offered to somebody, and whether they finished it."""

    lesson: str
    about: str
    """The decision that it was offered with. Empty: none."""
    site: str
    """Where. Empty: nowhere in particular."""
    offered_at: datetime
    done_at: datetime | None


class Purpose(enum.StrEnum):
    """What a person may consent to, each apart from the rest."""

    IDENTITY_CHECK = "identity-check"
    """Being sent to an identity provider, and keeping its result."""
    MAIL = "mail"
    """Keeping an address, and writing to it about what was chosen."""


CONSENT_VERSION = {Purpose.IDENTITY_CHECK: 1, Purpose.MAIL: 1}
"""Grows when what is asked for changes; an older consent then no longer counts."""


class Consent(msgspec.Struct, frozen=True, kw_only=True):
    """The latest that was said about one purpose."""

    purpose: Purpose
    version: int
    given: bool
    """False: withdrawn."""
    at: datetime


class Role(enum.StrEnum):
    MODERATOR = "moderator"
    CHIEF_EDITOR = "chief_editor"
    COMPLIANCE = "compliance"
    ADMIN = "admin"


class Staff(msgspec.Struct, frozen=True, kw_only=True):
    id: StaffId
    name: str
    """Shown inside only; outside a staff member is their role."""
    role: Role
    active: bool
    outside: bool
    """Invited from outside the operator's own team, to review its severe measures."""
    site: SiteId | None
    """The only site they may touch; None: all."""


FACTOR_TRIES = 5
FACTOR_WAIT = timedelta(minutes=5)
ATTEMPT_TERM = timedelta(minutes=15)
"""How long a person may take at the identity provider."""


class SessionKind(enum.StrEnum):
    COOKIE = "cookie"
    """A browser: changes need a CSRF token too."""
    BEARER = "bearer"
    """A script or app that sends its token in the Authorization header."""
    AFTER = "after"
    """A closed account: may see and contest what was decided, and ask for its data."""


SESSION_TERM = {
    SessionKind.COOKIE: timedelta(days=14),
    SessionKind.BEARER: timedelta(days=90),
    SessionKind.AFTER: timedelta(hours=12),
}
CLOSED_NAME = "已注销账号 (closed account)"
"""What stays of a name when its account is closed. In no language of the reader's: it is stored."""
STAFF_SESSION_TERM = timedelta(hours=12)


class Session(msgspec.Struct, frozen=True, kw_only=True):
    holder: ActorId
    """An account's id, or `staff:<id>`."""
    kind: SessionKind
    opened_at: datetime
    expires_at: datetime
    revoked_at: datetime | None


class NewSession(msgspec.Struct, frozen=True, kw_only=True):
    """A session that has just been opened. `token` is shown once and stored nowhere."""

    token: str
    holder: ActorId
    kind: SessionKind
    expires_at: datetime


class Credentials(msgspec.Struct, frozen=True, kw_only=True):
    """What a password is checked against. Loaded before the slow hash and re-checked after it."""

    holder: ActorId
    stored: str
    """Argon2id in PHC format."""


class Factor(msgspec.Struct, frozen=True, kw_only=True):
    """A staff member's second factor as it is stored."""

    stored: str
    totp: bytes
    """The shared secret, encrypted (`accounts.totp`)."""
    totp_counter: int
    """Step of the last code that was used."""
    failures: int
    """Tries since the last right code."""
    wait_until: datetime | None


class Attempt(msgspec.Struct, frozen=True, kw_only=True):
    """A verification under way: the browser is at the identity provider."""

    account: AccountId
    provider: str
    back_to: str
    """Path on this service where the person goes on afterwards."""
    expires_at: datetime
    used_at: datetime | None


class Attested(msgspec.Struct, frozen=True, kw_only=True):
    """One entry of an issuer's `verified_claims` that meets the operator's terms."""

    framework: str
    level: str
    method: str
    verified_at: datetime
    valid_until: datetime
    age: str = ""
    """A band of `accounts.minors`. Empty: the issuer says nothing of it."""


class NoSuchAccount(Refusal):
    code, says = "no-such-account", "There is no such account."


class AccountClosed(Refusal):
    code, says = "account-closed", "This account is closed."


class AccountRestricted(Refusal):
    code, says = "account-restricted", "This account may not post for now."


class IdentityRequired(Refusal):
    code, says = "identity-required", "Posting here needs a verified identity."


class IdentityExpired(Refusal):
    code, says = "identity-expired", "Your identity check has expired."


class IdentityRevoked(Refusal):
    code, says = "identity-revoked", "Your identity check was revoked."


class AgreementRequired(Refusal):
    code, says = "agreement-required", "Please read and accept the service agreement first."


class NoSuchLesson(Refusal):
    code, says = "no-such-lesson", "There is no such lesson."


class NoAgreement(Refusal):
    code, says = "no-agreement", "The service agreement has not been published yet."


class AgreementChanged(Refusal):
    code, says = "agreement-changed", "Another version of the agreement is in force by now."


class ConsentRequired(Refusal):
    code, says = "consent-required", "This needs your consent first."


class NameTaken(Refusal):
    code, says = "name-taken", "This name, or one that looks like it, is taken."


class PasswordTooShort(Refusal):
    code, says = "password-too-short", "The password is too short."


class PasswordTooLong(Refusal):
    code, says = "password-too-long", "The password is too long."


class WrongCredentials(Refusal):
    code, says = "wrong-credentials", "Name, password or code is wrong."


class SecondFactorWait(Refusal):
    code, says = "second-factor-wait", "Too many wrong codes. Please wait before the next try."


class SessionExpired(Refusal):
    code, says = "session-expired", "Your session has ended. Please sign in again."


class NoSuchStaff(Refusal):
    code, says = "no-such-staff", "There is no such staff member."


class AttemptInvalid(Refusal):
    code, says = (
        "verification-attempt-invalid",
        "This identity check has ended. Please start again.",
    )


class NotVerified(Refusal):
    code, says = "not-verified", "The provider's answer does not verify your identity."


class NotAdmitted(Refusal):
    """Says neither who is known here nor why: that would tell strangers about somebody else."""

    code, says = "not-admitted", "This identity cannot be used for an account here."


class ProviderUnavailable(Refusal):
    code, says = (
        "identity-provider-unavailable",
        "The identity provider does not answer. Try later.",
    )


class NoSuchProvider(Refusal):
    code, says = "no-such-identity-provider", "There is no such identity provider."
