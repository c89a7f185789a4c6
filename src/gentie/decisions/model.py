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
    WARN = "warn"
    RESTRICT = "restrict"
    SUSPEND = "suspend"
    CLOSE = "close"
    BAR_REREGISTRATION = "bar_reregistration"
    LIFT = "lift"
    """Reverses a measure on an account."""


ON_COMMENT = frozenset({Measure.REFUSE, Measure.REMOVE})
ON_ACCOUNT = frozenset(
    {
        Measure.WARN,
        Measure.RESTRICT,
        Measure.SUSPEND,
        Measure.CLOSE,
        Measure.BAR_REREGISTRATION,
    }
)
SEVERE = frozenset({Measure.SUSPEND, Measure.CLOSE, Measure.BAR_REREGISTRATION})
"""Two people stand behind each of these; fixed in every regime."""
ADVERSE = ON_COMMENT | ON_ACCOUNT
REVERSAL = frozenset({Measure.RESTORE, Measure.RECALL, Measure.LIFT})


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
    rests_on: DecisionId | None = None
    """For a measure on an account: the decision on what was written that it follows from."""
    counted: tuple[DecisionId, ...] = ()
    """Earlier measures that raised this one, so that the notice can name them."""
    until: datetime | None = None
    """When a measure ends. None: it has no term."""
    second: str = ""
    """Commitment to the second `Decider`, hex. Empty: one person decided."""
    second_role: str = ""
    """In which role the second person agreed. Empty: one person decided."""


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """A decision with what the store keeps beside it."""

    decision: Decision
    decided_by: ActorId
    """Never leaves the house but to an appeal body or an inspector, with `decider_key`."""
    seconded_by: ActorId | None
    """Who agreed to a severe measure. As secret, and opened by the same key."""
    decider_key: bytes
    """Opens `decision.decider`. Not derived from `salt`, which the author has: ids of staff can
    be guessed."""
    salt: bytes
    leaf: LeafId
    record: str
    """Commitment to the decision, hex: stands in the leaf."""
    reversed_by: DecisionId | None


class NoticeKind(enum.StrEnum):
    """What people are told besides measures."""

    BLOCKED = "blocked"
    NAME_CLAIMED = "name-claimed"
    """Imported comments are theirs now."""
    NAME_ERASED = "name-erased"
    """Imported comments of theirs were erased."""
    DATA_LEAK = "data-leak"
    """Data of theirs got out."""


class Notice(msgspec.Struct, frozen=True, kw_only=True):
    """What a person is told. Shown in the account pages from the moment of the decision."""

    id: str
    account: AccountId
    decision: DecisionId | None
    """None: something stands in the way, or was done as they wished."""
    kind: str
    """A `Measure` or a `NoticeKind`."""
    about: str
    """The contribution, as the outside names it; of imported names the site; a leak's number."""
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


class NothingToConfirm(Refusal):
    code, says = "nothing-to-confirm", "There is nothing here that waits to be confirmed."


class NeedsSecondPerson(Refusal):
    code, says = "needs-second-person", "Somebody else has to agree to this."


class NothingToAppeal(Refusal):
    code, says = "nothing-to-appeal", "Only a decision that went against you can be appealed."
