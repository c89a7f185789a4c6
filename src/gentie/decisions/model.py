"""The nouns of deciding. One decision is one measure on one subject, for one stated reason."""

import enum
from datetime import datetime

import msgspec

from gentie.kernel.ids import AccountId, ActorId, DecisionId, LeafId, SiteId
from gentie.kernel.refusal import Refusal


class Measure(enum.StrEnum):
    PUBLISH = "publish"
    REFUSE = "refuse"
    REMOVE = "remove"
    RESTORE = "restore"
    """Reverses a refusal or a removal."""
    RECALL = "recall"
    """Reverses a publication; the contribution waits again."""


ADVERSE = frozenset({Measure.REFUSE, Measure.REMOVE})
REVERSAL = frozenset({Measure.RESTORE, Measure.RECALL})


class Automation(enum.StrEnum):
    NONE = "none"
    PARTIAL = "partial"
    """A person decided on what a rule had found."""
    FULL = "full"


class Source(enum.StrEnum):
    """What made us look."""

    SUBMISSION = "submission"
    REPORT = "report"
    PATROL = "patrol"
    APPEAL = "appeal"
    ORDER = "order"
    IMPORT = "import"
    OWN = "own"
    """The decider's own initiative, for example undoing a slip."""


class Ground(msgspec.Struct, frozen=True, kw_only=True):
    """Why something adverse was decided. Never a free-standing opinion: always a class."""

    class_id: str
    tier: str
    clause: str
    """Paragraph of the agreement, for example "3.2"."""
    legal_ref: str
    facts: str
    """What was seen, in the decider's words."""
    message: str
    """Said to the author."""


class Target(msgspec.Struct, frozen=True, kw_only=True):
    """What is decided on."""

    site: SiteId
    thread: str
    comment: str
    ref: str
    """The contribution as the outside names it."""
    revision: int
    author: AccountId
    quote: str
    """The text decided on: part of the statement of reasons, gone with the record."""


class Decider(msgspec.Struct, frozen=True, kw_only=True):
    """Who decided. The record holds a commitment to this, under a key that no author gets."""

    actor: ActorId


class Decision(msgspec.Struct, frozen=True, kw_only=True):
    """The full record. Kept inside, handed to the person concerned, committed to in the log."""

    id: DecisionId
    measure: Measure
    target: Target
    ground: Ground | None
    """Set for what is adverse, and only then."""
    rule: str
    """Screening rule version that was involved, for example "screening/1"."""
    automation: Automation
    detection: str
    """"automated" when screening pointed at it, else "manual"."""
    source: Source
    decider: str
    """Commitment to the `Decider`, hex, another one in each record: authors who lay theirs side
    by side do not learn whether one person decided both."""
    role: str
    regime: str
    policy: str
    agreement: str
    """Version of the service agreement that the clause is in."""
    decided_at: datetime
    appeal_before: datetime | None
    """Last moment for an appeal; runs from the notice. None: nothing to appeal."""
    confirm_before: datetime | None = None
    """A lone staff member decided this: the measure ends then unless an outsider confirms it."""
    reverses: DecisionId | None = None


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """A decision with what the store keeps beside it."""

    decision: Decision
    decided_by: ActorId
    """Never leaves the house but to an appeal body or an inspector, with `decider_key`."""
    decider_key: bytes
    """Opens `decision.decider`. Not derived from `salt`, which the author has: ids of staff can
    be guessed."""
    salt: bytes
    leaf: LeafId
    record: str
    """Commitment to the decision, hex: stands in the leaf."""
    reversed_by: DecisionId | None


class Notice(msgspec.Struct, frozen=True, kw_only=True):
    """What a person is told. Shown in the account pages from the moment of the decision."""

    id: str
    account: AccountId
    decision: DecisionId | None
    """None: nothing was decided, but something stands in the way."""
    kind: str
    """A measure, or "blocked"."""
    about: str
    """The contribution, as the outside names it."""
    code: str
    """Where it is blocked: the code of the refusal."""
    created_at: datetime
    seen_at: datetime | None


class NoSuchDecision(Refusal):
    code, says = "no-such-decision", "There is no such decision, or it is not yours to see."


class NoSuchNotice(Refusal):
    code, says = "no-such-notice", "There is no such notice."


class NoSuchClass(Refusal):
    code, says = "no-such-class", "The regime of this site has no such ground."


class MeasureNotOffered(Refusal):
    code, says = "measure-not-offered", "The rules of this site know no such measure."


class NeedsReason(Refusal):
    code, says = "needs-reason", "Refusing or removing needs a class, facts and a message."


class AlreadyReversed(Refusal):
    code, says = "already-reversed", "This decision has been reversed already."


class NothingToAppeal(Refusal):
    code, says = "nothing-to-appeal", "Only a decision that went against you can be appealed."
