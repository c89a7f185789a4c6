"""What the doors of the desk take and give as JSON."""

import re
from datetime import datetime
from typing import Annotated, Literal, Self

import msgspec

from gentie.comments.cleaning import BadText
from gentie.decisions.model import Source
from gentie.kernel.ids import DecisionId, SiteId, ThreadId, is_row_id
from gentie.kernel.refusal import Refusal
from gentie.sites.model import Mode, Switch, SwitchKind, Thread, ThreadClass
from gentie.standing.model import Measure

_NEVER = r"[\u0000\ud800-\udfff]"
"""No database keeps a NUL in a text, and half a surrogate pair is no text."""
_PLAIN = r"^[^\u0000]*$"
"""The reader of JSON turns half pairs away itself."""
Word = Annotated[str, msgspec.Meta(max_length=200, pattern=_PLAIN)]
Sentences = Annotated[str, msgspec.Meta(max_length=4000, pattern=_PLAIN)]

_hidden = re.compile(_NEVER)


class DecideRequest(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    measure: Literal["publish", "refuse"]
    version: int
    """From the claim: what the moderator has looked at."""
    class_id: Word = msgspec.field(name="class", default="")
    clause: Word = ""
    """When given it has to be the clause of that class in force."""
    facts: Sentences = ""
    message: Sentences = ""


class RemoveRequest(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    class_id: Word = msgspec.field(name="class")
    facts: Sentences
    message: Sentences
    source: Literal["patrol", "report", "order", "own"] = "patrol"


class MeasureRequest(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    measure: Measure
    message: Sentences
    """Said to the person."""


class Renewed(msgspec.Struct, kw_only=True):
    decision: DecisionId
    until: datetime
    review_at: datetime
    """The next time somebody has to look."""


class ReverseRequest(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    source: Literal["own", "appeal", "patrol", "report", "order"] = Source.OWN.value


class SwitchRequest(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    site: Word
    kind: SwitchKind
    reason: Sentences
    until: datetime
    """At most thirty days away."""
    thread: Word | None = None
    """Null: the whole site."""


class ClassRequest(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    class_id: ThreadClass = msgspec.field(name="class")
    mode: Mode
    reason: Sentences


class RegimeRequest(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    regime: Word
    """Id of a shipped regime, for example "neutral"."""


class SwitchView(msgspec.Struct, kw_only=True):
    id: str
    site: SiteId
    thread: ThreadId | None
    kind: SwitchKind
    reason: str
    by: str
    """Role, never a name."""
    since: datetime
    until: datetime

    @classmethod
    def of(cls, switch: Switch) -> Self:
        return cls(
            id=switch.id,
            site=switch.site,
            thread=switch.thread,
            kind=switch.kind,
            reason=switch.reason,
            by=switch.by_role,
            since=switch.since,
            until=switch.until,
        )


class ThreadClassView(msgspec.Struct, kw_only=True):
    id: ThreadId
    site: SiteId
    key: str
    title: str
    kind: ThreadClass = msgspec.field(name="class")
    mode: Mode

    @classmethod
    def of(cls, thread: Thread) -> Self:
        return cls(
            id=thread.id,
            site=thread.site,
            key=thread.key,
            title=thread.title,
            kind=thread.kind,
            mode=thread.mode,
        )


def row_id(text: str, absent: type[Refusal]) -> str:
    """`text` when it can be the id of a row.

    Raises:
        Refusal: the given one, for anything that nobody made.
    """
    if not is_row_id(text):
        raise absent
    return text


def plain(text: str) -> str:
    """A text of an address or a form, for a database.

    Raises:
        BadText: it holds what no database takes.
    """
    if _hidden.search(text):
        raise BadText
    return text
