"""The nouns of the vault."""

import base64
import enum
from datetime import datetime, timedelta

import msgspec

from gentie.kernel.refusal import Refusal


class Fingerprint(msgspec.Struct, frozen=True):
    """A person as a keyed index: equal for the same person, and useless without the key."""

    key_version: int
    digest: str
    sector: str = ""
    """Names who agrees on the identifier behind it: "phone", or a sector of issuers."""


class NetworkRecord(msgspec.Struct, frozen=True, kw_only=True):
    """From where something was posted: what is sealed, and what opening gives back."""

    address: str
    port: int
    at: datetime


class SealedContact(msgspec.Struct, frozen=True, kw_only=True):
    """How somebody could be reached elsewhere, on its way into the vault."""

    author: str
    """Under whom the comments were imported; the seal opens for no other."""
    blob: bytes


CONTACT_KEPT = timedelta(days=365)
"""Time enough to send people the links with which they claim their names."""
CONTACT_TOPIC = "vault.contact"
"""Outbox topic: a name was claimed or erased, so its contact goes."""


class SealedRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A network record on its way into the vault."""

    reference: str
    """Made by the door before the act; the seal opens for no other."""
    subject: str
    """What was posted: the public id of a contribution."""
    at: datetime
    expires_at: datetime
    blob: bytes

    @classmethod
    def posted(
        cls, blob: bytes, *, reference: str, subject: str, at: datetime, keep_days: int
    ) -> "SealedRecord":
        """`keep_days` is the regime's `windows.network_log_days`."""
        expires_at = at + timedelta(days=keep_days)
        return cls(reference=reference, subject=subject, at=at, expires_at=expires_at, blob=blob)

    def to_message(self) -> dict[str, str]:
        """The body of an outbox message on `NETWORK_TOPIC`. Nothing in it can be read."""
        return {
            "reference": self.reference,
            "subject": self.subject,
            "at": self.at.isoformat(),
            "expires_at": self.expires_at.isoformat(),
            "blob": base64.b64encode(self.blob).decode(),
        }

    @classmethod
    def of_message(cls, body: dict[str, str]) -> "SealedRecord":
        return cls(
            reference=body["reference"],
            subject=body["subject"],
            at=datetime.fromisoformat(body["at"]),
            expires_at=datetime.fromisoformat(body["expires_at"]),
            blob=base64.b64decode(body["blob"]),
        )


class Field(enum.StrEnum):
    """What may be known of a person where a regime asks that it is kept."""

    NAME = "name"
    ID_NUMBER = "id_number"
    PHONE = "phone"
    ORG_NAME = "org_name"
    ORG_CODE = "org_code"
    NETWORK = "network"
    """Address and port of one contribution: sealed by itself, not with the person."""


class SealedField(msgspec.Struct, frozen=True, kw_only=True):
    field: Field
    version: int
    """Of the way it is closed."""
    blob: bytes


class SealedPerson(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of a person, closed."""

    person: str
    """The opaque key of the person."""
    key: str
    """Names this key of the person: what is sealed later has another one."""
    public: str
    """Id of the vault's public key that `sealed_key` was closed with."""
    sealed_key: bytes
    fields: tuple[SealedField, ...]


NETWORK_TOPIC = "vault.network"


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the vault's own book: what happened, committed to, chained to the line before."""

    number: int
    reference: str
    at: datetime
    event: str
    record: str
    before: str
    """Digest of the line before. Empty: the first."""
    digest: str


GONE = "gone"
"""The event of a line that says what was deleted in the vault."""


class Gone(msgspec.Struct, frozen=True, kw_only=True):
    """A deletion in the vault, as its book tells of it: what class and how many, never whose."""

    data: str
    """A table of the vault, or `identity`."""
    rows: int
    at: datetime


AUDIT_TOPIC = "vault.audit"
ERASE_TOPIC = "vault.erase"


class Disclosure(msgspec.Struct, frozen=True, kw_only=True):
    """That somebody wants to know who a person is, and on what ground."""

    id: str
    """A number that can be read out: D-7K2M-Q4XD."""
    case: str
    """File number of the case at whoever asks."""
    basis: str
    """The law or order it rests on."""
    account: str
    comment: str
    """The contribution whose network record is asked for. Empty: none."""
    person: str
    """Opaque key in the vault. Empty: nobody was verified for the account."""
    fields: tuple[Field, ...]
    asked_by: str
    asked_role: str
    asked_at: datetime
    ends_at: datetime
    """After this nothing can be approved or opened any more."""
    needs: int
    """Approvals: two, or the one of somebody from outside where only one person works here."""
    bar_until: datetime | None
    """Until when the law forbids to tell the person. None: they are told at once."""
    bar_basis: str
    refused_at: datetime | None
    ticket_until: datetime | None
    opened_at: datetime | None


class Approval(msgspec.Struct, frozen=True, kw_only=True):
    by: str
    role: str
    outside: bool
    yes: bool
    at: datetime


TICKET_TERM = timedelta(minutes=15)
LONGEST_TERM = timedelta(days=30)
LONGEST_BAR = timedelta(days=366)
FLOOR = 5
"""Smaller monthly counts are published as "fewer than 5": on a small site one would name people."""


DAY = timedelta(days=1)
MONTH = timedelta(days=30)
OPENED_A_DAY = 5
"""Identities that may be opened in 24 hours, by all requests together."""
OPENED_A_MONTH = 3
"""Times that what is known of one account may be opened in 30 days."""
OVER_QUOTA = "over-quota"
"""How the book calls a try beyond them. Each is an alarm."""


class NoSuchDisclosure(Refusal):
    code, says = "no-such-disclosure", "There is no such request to open an identity."


class DisclosureUnfit(Refusal):
    code, says = "disclosure-unfit", "The request lacks case, legal basis, person, fields or term."


class DisclosureEnded(Refusal):
    code, says = "disclosure-ended", "This request has been refused, used or has run out."


class NobodyKnown(Refusal):
    code, says = "nobody-known", "Nothing is kept that could say who this is."


class NotYours(Refusal):
    code, says = "not-yours-to-approve", "Somebody else, in another role, has to approve this."


class NoSecondPerson(Refusal):
    code, says = (
        "no-second-person",
        "Nobody else could approve this. Invite an outside reviewer; until then it cannot be done.",
    )


class NotApproved(Refusal):
    code, says = "disclosure-not-approved", "This request has not been approved."


class TicketInvalid(Refusal):
    code, says = "disclosure-ticket-invalid", "This ticket is unknown, used or too old."


class QuotaReached(Refusal):
    code, says = (
        "disclosure-quota",
        "No more identities are opened today, or of this account this month.",
    )


class KeyInUse(Refusal):
    code, says = "index-key-in-use", "Some persons are known by this key alone."


class CannotOpen(Refusal):
    code, says = "cannot-open", "This seal does not open with this key for this record."
