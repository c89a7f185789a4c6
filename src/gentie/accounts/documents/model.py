"""The nouns of document checks."""

from datetime import datetime, timedelta

import msgspec

from gentie.catalogue.regimes import Text
from gentie.kernel.ids import AccountId
from gentie.kernel.refusal import Refusal

TERM = timedelta(days=3)
"""How long the service may take to answer."""


class DocumentService(msgspec.Struct, frozen=True, kw_only=True):
    """A service that the operator trusts to look at documents."""

    id: str
    title: Text
    url: str
    token: str
    answer_key: bytes
    """Ed25519 public key as PEM: with the other half the service signs its answers."""
    max_age_days: int


class Check(msgspec.Struct, frozen=True, kw_only=True):
    """A check that is under way."""

    account: AccountId
    provider: str
    back_to: str
    expires_at: datetime
    answered_at: datetime | None


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """What a service says of one check."""

    reference: str
    verified: bool
    identifier: str
    """The number of the document, or what stands for it. Goes no further than its fingerprint."""
    age: str
    """A band of `accounts.minors`. Empty: it says nothing of it."""


class AnswerInvalid(Refusal):
    code, says = "answer-invalid", "This is no answer to a check that is under way."
