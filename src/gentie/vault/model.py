"""The nouns of the vault."""

import base64
from datetime import datetime, timedelta

import msgspec

from gentie.kernel.refusal import Refusal


class Fingerprint(msgspec.Struct, frozen=True):
    """A person as a keyed index: equal for the same person, and useless without the key."""

    key_version: int
    digest: str


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


NETWORK_TOPIC = "vault.network"


class CannotOpen(Refusal):
    code, says = "cannot-open", "This seal does not open with this key for this record."
