"""The nouns of standing: what an account may do, and what was done to it."""

import enum
from datetime import datetime, timedelta

import msgspec

from gentie.kernel.ids import AccountId, ActorId, DecisionId, SiteId
from gentie.kernel.refusal import Refusal


class Measure(enum.StrEnum):
    """What may be done to an account, mildest first (2017-8.a, 2022-7.b)."""

    WARN = "warn"
    RESTRICT = "restrict"
    SUSPEND = "suspend"
    CLOSE = "close"
    BAR = "bar_reregistration"

    @property
    def strength(self) -> int:
        """0 for the mildest."""
        return list(Measure).index(self)


HOLD_TOPIC = "identity.hold"
"""Has the vault know a person again, or no longer, as the bars on them stand by then."""
REVIEW_NOTICE = timedelta(days=30)
"""So long before its review an entry is shown to those who may renew it."""
UNDERTAKING_PATH = "/account/undertaking"
EVERYWHERE = frozenset({Measure.CLOSE, Measure.BAR})
"""These meet the account itself, which all sites share; the others the site they were taken on."""


class Capability(enum.StrEnum):
    """What can be taken from an account.

    Reading, one's own data, reports and appeals are not in this list, so nothing can take them.
    """

    POST = "post"
    """Post and edit."""
    VOTE = "vote"
    LINKS = "links"
    """Post what holds a link."""
    MEDIA = "media"
    """Post what holds a picture, a sound or a video."""
    POSITIONS = "positions"
    """Have a line over a video stand still, at its top or bottom."""
    COLOURS = "colours"
    """Have a line over a video in another colour than white."""
    UNREVIEWED = "unreviewed"
    """Be published without a person looking first, where the thread allows it."""


TAKEN: dict[Measure, frozenset[Capability]] = {
    Measure.WARN: frozenset(),
    Measure.RESTRICT: frozenset(Capability) - {Capability.POST},
    Measure.SUSPEND: frozenset(Capability),
    Measure.CLOSE: frozenset(Capability),
    Measure.BAR: frozenset(Capability),
}
"""The table that the agreement, the preview and the gates share."""


class Violation(msgspec.Struct, frozen=True, kw_only=True):
    """A decision against something that an account wrote, as far as standing needs to know it."""

    decision: DecisionId
    account: AccountId
    site: SiteId
    tier: str
    """Of the ground (`catalogue.regimes.Tier`)."""
    written_at: datetime
    decided_at: datetime
    by_person: bool
    """A person decided, or confirmed what a rule had found."""
    stands: bool
    """It went against the author and has not been reversed."""


class Sanction(msgspec.Struct, frozen=True, kw_only=True):
    """A measure that was taken."""

    id: str
    account: AccountId
    site: SiteId
    """Where it was taken."""
    measure: Measure
    decision: DecisionId
    """The decision that took it, with its reasons."""
    rests_on: DecisionId
    """The decision on what was written that it follows from."""
    starts_at: datetime
    """When the person was told; terms run from here."""
    ends_at: datetime | None
    """None: it has no term."""
    confirm_before: datetime | None
    """A lone staff member took it: it ends then by itself unless somebody from outside confirms."""
    confirmed_by: ActorId | None
    lifted_at: datetime | None
    """Taken back before its end."""
    affirmed_at: datetime | None = None
    """When the person promised anew to keep to the agreement. None: not yet."""


class Bar(msgspec.Struct, frozen=True, kw_only=True):
    """A person who may not register again for a time. Names nobody.

    `person` is the opaque key that stands for a keyed fingerprint in the vault; it outlives the
    account, so that closing or erasing it is no way around the measure, and ends with `until`.
    """

    person: str
    decision: DecisionId
    since: datetime
    until: datetime
    review_at: datetime
    """It ends then unless somebody has looked whether it is still needed, and renewed it."""
    renewed_by: ActorId | None = None
    """Who looked last. None: nobody yet."""
    lifted_at: datetime | None


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """The most that may be done for one violation."""

    measure: Measure
    counted: tuple[DecisionId, ...]
    """The earlier measures that raised it."""


class ProposalState(enum.StrEnum):
    WAITING = "waiting"
    CONFIRMED = "confirmed"
    DECLINED = "declined"


class Proposal(msgspec.Struct, frozen=True, kw_only=True):
    """A severe measure that waits for a second person."""

    id: str
    account: AccountId
    site: SiteId
    measure: Measure
    rests_on: DecisionId
    message: str
    """Said to the person when it is confirmed."""
    proposed_by: ActorId
    role: str
    proposed_at: datetime
    expires_at: datetime
    state: ProposalState


class CreditKind(enum.StrEnum):
    """What changes somebody's credit. Never a report, a reading habit, or who they are."""

    REFUSED = "refused"
    REMOVED = "removed"
    LESSON = "lesson"
    REPAIRED = "repaired"
    """The decision was overturned: what it cost was never lost."""


class CreditEvent(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that counts. Never changed and never deleted while the account is there."""

    id: str
    account: AccountId
    site: SiteId
    kind: CreditKind
    decision: DecisionId | None
    """The decision of a person that it follows from. None: a lesson."""
    points: int
    """As it was when it happened; it fades. Negative: lost. 0: repaired."""
    policy: str
    """The rules of the time, for example "cn-2022-final/1"."""
    at: datetime


class NoLadder(Refusal):
    code, says = "no-ladder", "The rules of this site know no measures on accounts."


class NotUpheld(Refusal):
    code, says = (
        "violation-not-upheld",
        "No measure rests on this: no person decided it, or it has been taken back.",
    )


class TooSevere(Refusal):
    code, says = "too-severe", "This measure is harsher than the rules allow here."


class TooLateForMeasure(Refusal):
    code, says = "too-late-for-measure", "The decision is too old for a measure to follow from it."


class AlreadySanctioned(Refusal):
    code, says = "already-sanctioned", "A measure follows from this decision already."


class NoSuchBar(Refusal):
    code, says = "no-such-bar", "There is no such entry, or it has ended."


class CreditTooLow(Refusal):
    code, says = "credit-too-low", "Your credit here is too low for this at the moment."


class NoSuchProposal(Refusal):
    code, says = "no-such-proposal", "There is no such proposal, or it waits no more."


class Barred(Refusal):
    code, says = "barred", "You may not register here again for now."


class UndertakingDue(Refusal):
    code, says = (
        "undertaking-due",
        "After a measure you promise anew to keep to the agreement before you go on writing.",
    )


class MeasureInForce(Refusal):
    code, says = "measure-in-force", "A measure against your account stands in the way."
