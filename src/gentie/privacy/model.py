"""The nouns of privacy: what is kept, for what, for how long, and what somebody asked for."""

import enum
from datetime import datetime
from typing import Final

import msgspec

from gentie.catalogue.regimes import Text
from gentie.kernel.ids import AccountId, ActorId
from gentie.kernel.refusal import Refusal


class Ends(enum.StrEnum):
    """What ends the keeping."""

    TIME = "time"
    """Days after the column `since`."""
    CLOSING = "closing"
    """The closing of the account, and the days after it."""
    CONTRIBUTION = "contribution"
    """The withdrawal or removal of what was written, and the days after it."""
    ANSWER = "answer"
    """Days after the column `since`, once it is filled."""
    LOG = "log"
    """As long as the public log that commits to it, which has no end: it may not go before."""
    NEVER = "never"


ASSESSED: Final = ("sensitive", "automated", "published", "entrusted")
"""PIPL art. 55: sensitive data, automated decisions, making public, handing on or entrusting."""


class Purpose(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    basis: str
    """Id of the legal ground."""
    zh: str
    en: str
    law: str = ""
    """Id of the legal source that asks for it or allows it. Empty: people are asked (consent)."""
    assess: tuple[str, ...] = ()
    """Why the law asks for an impact assessment, of `ASSESSED`. Empty: it asks for none."""


class Retention(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    zh: str
    en: str
    ends: Ends
    days: int = 0


class Record(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Columns of one table that are kept for one purpose."""

    table: str
    where: str = "main"
    """The database: main or vault."""
    what: Text
    purpose: str
    retention: str
    since: str = ""
    """The column from which the days of the retention run. Empty: from the event that ends it."""
    fields: tuple[str, ...]
    copy: str = ""
    """The part of a person's own export that shows it. Empty: `kept_back` says why not."""
    kept_back: Text | None = None


class Inventory(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    bases: dict[str, Text]
    purposes: dict[str, Purpose]
    retentions: dict[str, Retention]
    records: tuple[Record, ...]
    apart: dict[str, str]
    """Tables that hold nothing of a person, and why."""


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """What the public page says of one record."""

    table: str
    where: str
    what: Text
    purpose: Text
    basis: Text
    retention: Text
    days: int
    """0: no number of days."""
    fields: tuple[str, ...]
    copy: str
    kept_back: Text | None
    law: Text | None = None
    """The legal source. Null: it rests on consent, or is a version from before they were named."""


class Rules(msgspec.Struct, frozen=True, kw_only=True):
    """The processing rules as one version says them. Never changed."""

    number: int
    """1, 2, 3 ..."""
    in_force_from: datetime
    lines: tuple[Line, ...]


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """How one record differs between two versions."""

    table: str
    what: Text
    kind: str
    """new, gone, more-fields, fewer-fields, purpose, basis, longer, shorter, where or words."""
    material: bool
    """More is kept, for longer, elsewhere or for something else."""
    fields: tuple[str, ...] = ()
    """Columns that came or went."""
    before: Text | None = None
    after: Text | None = None


class Comments(enum.StrEnum):
    """What becomes of one's comments when one leaves."""

    STAY = "stay"
    """They stay public under the name of a closed account."""
    GO = "go"
    """They are withdrawn."""


class Closure(msgspec.Struct, frozen=True, kw_only=True):
    closed_at: datetime
    comments: Comments
    cleared_at: datetime | None
    """When what is kept until the closing was deleted. None: a legal hold stands against it."""


class RequestKind(enum.StrEnum):
    """What a person may ask for about their data."""

    ACCESS = "access"
    COPY = "copy"
    CORRECT = "correct"
    DELETE = "delete"
    EXPLAIN = "explain"


class RequestState(enum.StrEnum):
    RECEIVED = "received"
    GRANTED = "granted"
    PARTLY = "partly"
    REFUSED = "refused"


class RightsRequest(msgspec.Struct, frozen=True, kw_only=True):
    number: str
    """What a person reads out: for example P-7K2M-Q4XD."""
    account: AccountId
    kind: RequestKind
    state: RequestState
    statement: str
    answer: str
    """Empty while it waits."""
    received_at: datetime
    due_at: datetime
    answered_at: datetime | None
    answered_by: ActorId | None
    answered_role: str

    @property
    def waits(self) -> bool:
        return self.state is RequestState.RECEIVED


class Hold(msgspec.Struct, frozen=True, kw_only=True):
    """Data of somebody that may not be deleted for a time."""

    number: str
    account: AccountId
    why: str
    basis: str
    """The law or order that asks for it."""
    by: ActorId
    by_role: str
    since: datetime
    until: datetime
    bar_until: datetime | None
    """Until then the law forbids to tell the person. None: they are told."""
    ended_at: datetime | None

    def stands(self, *, now: datetime) -> bool:
        return self.ended_at is None and self.until > now


class Deleted(msgspec.Struct, frozen=True, kw_only=True):
    """Proof that something was deleted in its time: what class, how many, until when."""

    data: str
    """The class of data: a table of the inventory, or `identity`."""
    rows: int
    upto: datetime
    """Everything of the class that was older than this is gone, but for what is held."""
    at: datetime


class NoSuchRequest(Refusal):
    code, says = "no-such-rights-request", "There is no such request."


class RequestAnswered(Refusal):
    code, says = "rights-request-answered", "This request has been answered already."


class RequestUnfit(Refusal):
    code, says = "rights-request-unfit", "A request and its answer need some words."


class NoSuchHold(Refusal):
    code, says = "no-such-hold", "There is no such legal hold, or it has ended."


class HoldUnfit(Refusal):
    code, says = (
        "hold-unfit",
        "A legal hold needs a reason, a basis and an end within three years.",
    )


class NotClosed(Refusal):
    code, says = "link-of-closed-account", "This link is not valid (any more)."
