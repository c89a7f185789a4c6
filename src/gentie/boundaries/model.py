"""The nouns of boundaries between people."""

import enum
from datetime import datetime, timedelta

import msgspec

from gentie.kernel.ids import AccountId
from gentie.kernel.refusal import Refusal

MOST_PEOPLE = 2000
"""Whom one person may mute or block: enough for any attack, and no store for others' lists."""
LOOKS_BACK = timedelta(days=7)
"""How far back saved evidence reaches."""
MOST_ITEMS = 200
EVIDENCE_KEPT = timedelta(days=365)
"""Longer than any window for a complaint and its appeal. Its owner may delete it before."""


class Keep(enum.StrEnum):
    MUTED = "muted"
    """I do not see them."""
    BLOCKED = "blocked"
    """Nor can they reply to me."""


class Replies(enum.StrEnum):
    """Who may reply to me."""

    EVERYONE = "everyone"
    KNOWN = "known"
    """People I have replied to."""
    NOBODY = "nobody"


class Why(enum.StrEnum):
    """Why something is folded for me."""

    MUTED = "muted"
    BLOCKED = "blocked"
    PROTECTED = "protected"
    """While my protection stands, from somebody I have never replied to."""


class KeptAway(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody whom a person keeps away."""

    person: AccountId
    keep: Keep
    since: datetime


class Setting(msgspec.Struct, frozen=True, kw_only=True):
    """What a person has set for all of their comments."""

    replies: Replies = Replies.EVERYONE
    protected_until: datetime | None = None
    """In the past: no protection stands."""


class ReplyFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What decides whether a person may reply to a comment."""

    setting: Setting
    """Of the author of that comment."""
    own: Replies | None
    """What the author set for this very comment."""
    keep: Keep | None
    """How the author keeps the person away."""


class Trace(msgspec.Struct, frozen=True, kw_only=True):
    """A decision about the reply, as far as the public log goes."""

    record: str
    """Commitment that stands in the leaf, hex."""
    index: int | None
    """Place in the log. None: it had none yet."""


class EvidenceItem(msgspec.Struct, frozen=True, kw_only=True):
    """One reply as it stood when it was saved."""

    id: str
    in_reply_to: str
    author: str
    """The front-stage name; who that is stays sealed."""
    state: str
    text: str
    """As the public saw it. Empty: it had been removed by then."""
    written_at: datetime
    edited_at: datetime | None
    traces: tuple[Trace, ...]
    """What the log holds about it: that it stood there, from when, and when it went."""


class Bundle(msgspec.Struct, frozen=True, kw_only=True):
    """What is saved. Its bytes are what the hash is of."""

    kind: str = "gentie/evidence@v1"
    saved_at: datetime
    since: datetime
    items: tuple[EvidenceItem, ...]
    log: str
    """The signed checkpoint of the log at that moment. Empty: none was published yet."""


class Evidence(msgspec.Struct, frozen=True, kw_only=True):
    """A saved bundle, as lists name it."""

    id: str
    at: datetime
    items: int
    sha256: str
    """Of the bytes that are handed out, hex."""


class RepliesLimited(Refusal):
    code, says = "replies-limited", "The author of this comment limits who may reply."


class NoSuchPerson(Refusal):
    code, says = "no-such-person", "There is nobody behind this that could be kept away."


class TooManyPeople(Refusal):
    code, says = "too-many-people", "You keep as many people away as is possible."


class NoSuchEvidence(Refusal):
    code, says = "no-such-evidence", "There is no such saved evidence."
