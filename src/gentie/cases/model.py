"""The nouns of cases. First cut: what is needed to take one in and to follow it."""

import enum
from datetime import datetime

import msgspec

from gentie.kernel.ids import AccountId, CaseId, DecisionId, SiteId
from gentie.kernel.refusal import Refusal


class CaseKind(enum.StrEnum):
    REPORT = "report"
    """About something somebody else wrote."""
    APPEAL = "appeal"
    """Against a decision, by the person it went against."""


class CaseState(enum.StrEnum):
    RECEIVED = "received"
    CLOSED = "closed"


class Case(msgspec.Struct, frozen=True, kw_only=True):
    id: CaseId
    number: str
    """What a person reads out: for example R-7K2M-Q4XD."""
    kind: CaseKind
    state: CaseState
    site: SiteId
    subject: str
    """The contribution it is about, as the outside names it."""
    decision: DecisionId | None
    """For an appeal: what it is against."""
    class_id: str
    """For a report: which rule is said to be broken."""
    statement: str
    filed_by: AccountId | None
    """None: filed without an account. Never shown to the person it is about."""
    received_at: datetime
    due_at: datetime


class Filed(msgspec.Struct, frozen=True, kw_only=True):
    """What the person who files gets at once."""

    case: str
    """The number."""
    secret: str
    """Opens the status page. Only its digest is kept."""
    due: datetime


class NoSuchCase(Refusal):
    code, says = "no-such-case", "There is no such case, or the link is not complete."


class AlreadyAppealed(Refusal):
    code, says = "already-appealed", "An appeal against this decision has been filed already."


class NothingToReport(Refusal):
    code, says = "nothing-to-report", "This comment is not public (any more)."
