"""The nouns of screening: findings with their places, verdicts, rule sets, and its refusals."""

import enum

import msgspec

from gentie.kernel.refusal import Refusal


class Outcome(enum.StrEnum):
    PASS = "pass"  # noqa: S105 not a secret
    HOLD = "hold"
    REFUSE = "refuse"


class Action(enum.StrEnum):
    NOTE = "note"
    HOLD = "hold"
    REFUSE = "refuse"


class Span(msgspec.Struct, frozen=True):
    """Characters of the plain text, `end` excluded."""

    start: int
    end: int


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    detector: str
    version: str
    class_id: str | None
    action: Action
    spans: tuple[Span, ...]
    says: str
    score: float | None


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    outcome: Outcome
    findings: tuple[Finding, ...]
    rule: str
    failed: tuple[str, ...]
    """Phases that broke down: a person is needed."""


class TooMany(Refusal):
    code, says = "too-many", "Too many attempts. Please wait a little and try again."
