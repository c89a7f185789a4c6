"""The nouns of minors and guardians."""

import enum
from datetime import datetime, timedelta

import msgspec

from gentie.kernel.ids import AccountId
from gentie.kernel.refusal import Refusal

GUARDIAN_PATH = "/account/guardian"
LINK_TERM = timedelta(days=7)
"""How long a child's link to their guardian is good."""


class AgeBand(enum.StrEnum):
    """What is kept of an age: never a date of birth."""

    CHILD = "under-14"
    YOUTH = "14-17"
    ADULT = "adult"


MINORS = frozenset({AgeBand.CHILD, AgeBand.YOUTH})


class Guardianship(msgspec.Struct, frozen=True, kw_only=True):
    """That a verified adult has consented to a child taking part."""

    child: AccountId
    guardian: AccountId
    given_at: datetime
    revoked_at: datetime | None


class GuardianRequired(Refusal):
    code, says = (
        "guardian-required",
        "Your parent or guardian has to say yes first. It takes them a few minutes.",
    )


class GuardianUnfit(Refusal):
    code, says = (
        "guardian-unfit",
        "Only an adult whose identity and age were verified here, and who is not this child, can.",
    )


class GuardianLinkInvalid(Refusal):
    code, says = "guardian-link-invalid", "This link was used or is too old. Ask for another one."
