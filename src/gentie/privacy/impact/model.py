"""The nouns of impact assessments."""

import enum
from datetime import datetime

import msgspec

from gentie.kernel.ids import ActorId
from gentie.kernel.refusal import Refusal


class Result(enum.StrEnum):
    ACCEPTABLE = "acceptable"
    WITH_MEASURES = "with-measures"
    """While the measures that it names are in force."""
    NOT = "not-acceptable"
    """It must not go on like this. Never valid."""


class Impact(msgspec.Struct, frozen=True, kw_only=True):
    """One assessment. Never changed: a newer one takes its place."""

    number: str
    """For example A-7K2M-Q4XD."""
    purpose: str
    """Of the inventory."""
    kept: str
    """Digest of what the inventory said was kept for it: with more or other data it is stale."""
    need: str
    """Whether purpose and way are lawful, proper and necessary."""
    risk: str
    """What it does to people, and how likely harm is."""
    measures: str
    """What protects them, and whether that fits the risk."""
    result: Result
    review_at: datetime
    """It holds until then."""
    at: datetime
    by: ActorId
    role: str


class Standing(enum.StrEnum):
    """How the newest assessment of a purpose stands."""

    MISSING = "missing"
    NOT_ACCEPTABLE = "not-acceptable"
    STALE = "stale"
    """What is kept has changed since."""
    OVER = "over"
    """Its review is due."""
    VALID = "valid"


class ImpactUnfit(Refusal):
    code, says = (
        "impact-unfit",
        "An assessment needs words about need, risk and measures, and a review within a year.",
    )
