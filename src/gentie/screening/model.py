"""The nouns of screening: findings with their places, verdicts, rule sets, and its refusals."""

import enum
from datetime import datetime

import msgspec

from gentie.kernel.refusal import Refusal


class Outcome(enum.StrEnum):
    PASS = "pass"  # noqa: S105 no password
    HOLD = "hold"
    """A person has to look at it."""
    REFUSE = "refuse"


class Action(enum.StrEnum):
    """What a finding asks for. Only an operator's own terms may refuse."""

    NOTE = "note"
    HOLD = "hold"
    REFUSE = "refuse"


class Span(msgspec.Struct, frozen=True):
    """Where in the screened text: characters from `start` up to, not including, `end`."""

    start: int
    end: int


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """What one detector found. Holds places, never what stands there: it is kept and shown."""

    detector: str
    """For example "mobile" or "terms:<list id>"."""
    version: str
    """Of the rules, for example "screening/1"."""
    class_id: str | None
    """The ground it points to, as the site's regime names it. None: none."""
    action: Action
    spans: tuple[Span, ...]
    says: str
    """Message key, in English."""
    score: float | None = None
    """Of a statistical detector, 0 to 1. None: it is certain of what it saw."""


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    outcome: Outcome
    findings: tuple[Finding, ...]
    rule: str
    """Version of the rules that were used, for example "screening/1"."""
    failed: tuple[str, ...]
    """Phases that broke. Not empty: the text counts as unscreened and needs a person."""


class TermList(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Words of the operator's own. We ship none."""

    id: str
    class_id: str
    action: Action
    terms: tuple[str, ...]
    allow: tuple[str, ...] = ()
    """Longer phrases in which a term is harmless."""
    valid_from: datetime | None = None
    valid_to: datetime | None = None
    """First moment at which the list is no longer used."""
    reason: str
    """Why the list exists: a word list without a reason cannot be reviewed."""


class PictureList(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Files of the operator's own knowledge. We ship none."""

    id: str
    class_id: str
    sha256: tuple[str, ...] = ()
    """Of the very bytes, in hex."""
    marks: tuple[str, ...] = ()
    """Perceptual hashes (PDQ) of pictures, in hex."""
    reason: str
    """Why the list exists."""


class RuleSet(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    terms: tuple[TermList, ...] = ()
    pictures: tuple[PictureList, ...] = ()
    privacy_action: Action = Action.HOLD
    """Somebody's number, card, mail or home address."""
    contact_action: Action = Action.HOLD
    """Accounts to be added elsewhere: the usual bait."""
    link_action: Action = Action.NOTE
    privacy_class: str = "privacy"
    contact_class: str = "spam"


class State(enum.StrEnum):
    DRAFT = "draft"
    LIVE = "live"
    RETIRED = "retired"


class RuleSetVersion(msgspec.Struct, frozen=True, kw_only=True):
    """Versions are never changed: what an old verdict rested on can always be read."""

    version: int
    rules: RuleSet
    state: State
    author: str
    drafted_at: datetime | None
    """None: came with the release."""
    approved_by: str | None = None
    approved_at: datetime | None = None

    @property
    def name(self) -> str:
        """What verdicts and the log say, for example "screening/2"."""
        return f"screening/{self.version}"


class LookAgain(Refusal):
    """Only said to those who ask before sending. Facts: `found`, `refused`, `path`."""

    code, says = (
        "look-again",
        "Please look at this once more. Send it again to send it all the same.",
    )


class TooMany(Refusal):
    code, says = "too-many", "Too many attempts. Please wait a little and try again."


class BadRules(Refusal):
    """Facts: `faults`, a list of what is wrong, in English."""

    code, says = "bad-screening-rules", "These screening rules cannot be used."


class NoSuchRules(Refusal):
    code, says = "no-such-screening-rules", "There are no such screening rules."


class NotADraft(Refusal):
    code, says = "screening-rules-not-a-draft", "These screening rules have been decided already."


class NeedsAnotherApprover(Refusal):
    code, says = (
        "needs-another-approver",
        "Somebody other than the author has to approve screening rules.",
    )


class DraftTaken(Refusal):
    code, says = "draft-taken", "Somebody else has just drafted this version. Please try again."
