"""The nouns of one-time codes."""

import enum
from datetime import datetime

import msgspec

from gentie.catalogue.regimes import Text
from gentie.kernel.ids import AccountId
from gentie.kernel.refusal import Refusal


class Proof(enum.StrEnum):
    """What a code proves, in a regime's word for the method."""

    PHONE = "phone"
    """Holding the phone with this number."""
    ORG_CODE = "org_code"
    """Reading what is sent to the contact that the register has for this organisation."""


class Gateway(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A service that the operator trusts with the numbers it sends to."""

    id: str
    """Short and stable, part of the forms: "sms"."""
    title: Text
    proof: Proof
    url: str
    token: str
    max_age_days: int
    """How long a check counts."""


class SentCode(msgspec.Struct, frozen=True, kw_only=True):
    """A code under way. Number, session and code are keyed marks: nothing of it can be read."""

    account: AccountId
    provider: str
    session: str
    target: str
    code: str
    tries: int
    back_to: str
    """Path on this service where the person goes on afterwards."""
    expires_at: datetime
    used_at: datetime | None


class BadNumber(Refusal):
    code, says = (
        "bad-phone-number",
        "This is no phone number. Outside of mainland China begin with + and the country.",
    )


class BadOrgCode(Refusal):
    code, says = (
        "bad-org-code",
        "This is no organisation code: 18 characters, the last of which fits the others.",
    )


class CodeWrong(Refusal):
    code, says = "code-wrong", "The code is wrong or too old. You can have another one sent."
