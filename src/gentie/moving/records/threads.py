"""Lines about threads, the comments in them, and the cases about these."""

from datetime import datetime

import msgspec

from gentie.comments.model import Author, Form, Origin, RevisionState, State, Tombstone
from gentie.comments.parts import Part as Shown
from gentie.danmaku.model import Mode as Position
from gentie.danmaku.model import StreamKind
from gentie.decisions.model import Decision
from gentie.kernel.ids import AccountId, ActorId, CaseId, CommentId, DecisionId, LeafId, ThreadId
from gentie.moving.records.line import Line, Part
from gentie.review.model import ItemState, PlannedRefusal
from gentie.sites.model import Mode, ThreadClass


class ClassSince(Part, frozen=True, kw_only=True):
    """Who made a thread what it is, and why."""

    id: str
    class_: ThreadClass = msgspec.field(name="class")
    mode: Mode
    reason: str
    by: ActorId
    by_role: str
    at: datetime
    salt: str
    leaf: LeafId


class StreamRecord(Part, frozen=True, kw_only=True):
    """What the page's video is, where its site has said more than its class."""

    video: StreamKind
    """`off`: no new lines are taken."""
    started_at: datetime | None
    """When a live broadcast began."""
    delay_ms: int
    """How long it is held back."""


class SegmentRecord(Part, frozen=True, kw_only=True):
    """Two minutes of danmaku: how often they changed, and how many lines are public."""

    number: int
    """From 0."""
    rev: int
    """Goes up with each line that comes or leaves."""
    count: int
    """Public lines."""


class RateRecord(Part, frozen=True, kw_only=True):
    """Which part of its danmaku those who followed a video were sent, from a moment on."""

    since: datetime
    one_in: int
    """1: every line."""


class PlaceOver(Part, frozen=True, kw_only=True):
    """Where a line stands over a video, and how."""

    t_ms: int
    """Milliseconds into it."""
    mode: Position
    """How it shows."""
    colour: int
    """0xRRGGBB."""


class ThreadRecord(Line, frozen=True, kw_only=True, tag="thread"):
    """A page. Its comments follow."""

    id: ThreadId
    key: str
    """The page's own id, or its canonical address."""
    more_keys: tuple[str, ...]
    """Other keys that lead here."""
    title: str
    url: str
    class_: ThreadClass = msgspec.field(name="class")
    mode: Mode
    owner: str
    declared: bool
    created_at: datetime
    changes: tuple[ClassSince, ...]
    stream: StreamRecord | None = None
    """null: nothing was said of a video."""
    segments: tuple[SegmentRecord, ...] = ()
    """Of its danmaku. Empty: it never had any."""
    sampled: tuple[RateRecord, ...] = ()
    """By time. Empty: whoever followed was always sent every line."""


class RevisionRecord(Part, frozen=True, kw_only=True):
    """A text as its author typed it."""

    number: int
    state: RevisionState
    text: str
    """Restricted Markdown."""
    created_at: datetime
    published_at: datetime | None
    verdict: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET
    """What screening found. Not in a person's own export."""
    parts: tuple[Shown, ...] = ()
    """Its pictures, audio and video."""


class KeptDecision(Part, frozen=True, kw_only=True):
    """What was decided, with what proves it."""

    record: Decision
    """The full record. `commitment` commits to exactly this."""
    salt: str
    """Opens the commitment, hex."""
    commitment: str
    """Stands in the leaf, hex."""
    leaf: LeafId
    reversed_by: DecisionId | None
    decided_by: ActorId | msgspec.UnsetType = msgspec.UNSET
    """Who decided, by number. Not in a person's own export."""
    decider_key: str | msgspec.UnsetType = msgspec.UNSET
    """Opens `record.decider` and `record.second`, hex. Not in a person's own export."""
    seconded_by: ActorId | msgspec.UnsetType | None = msgspec.UNSET
    """Who agreed to a severe measure, by number. Not in a person's own export."""
    confirmed_by: ActorId | msgspec.UnsetType | None = msgspec.UNSET
    """Who confirmed what one person had decided alone. Not in a person's own export."""
    confirmed_at: datetime | None = None
    """When that was. null: nobody has, or had to."""


class VoteRecord(Part, frozen=True, kw_only=True):
    account: AccountId
    counted_by: str
    """`person` where one vote counts for each verified person, else `account`."""
    at: datetime


class ReviewRecord(Part, frozen=True, kw_only=True):
    """A place in the queue. Who was working on it is not here: nobody is, after a move."""

    id: str
    revision: int
    state: ItemState
    opened_at: datetime
    due_at: datetime
    version: int
    planned: PlannedRefusal | None
    decided_role: str
    decided_measure: str
    decided_at: datetime | None


class CommentRecord(Line, frozen=True, kw_only=True, tag="comment"):
    """A contribution in whatever state, with everything that hangs on it."""

    ref: str
    """As addresses and statements name it: holds thread and id."""
    thread: ThreadId
    id: CommentId
    """Unique within its thread only."""
    parent: CommentId | None
    root: CommentId | None
    """First comment of its branch. null: this is one."""
    form: Form
    state: State
    shown: bool
    """It has a place in the public thread: its text, a tombstone, or a line."""
    author: Author
    """As readers see them."""
    origin: Origin
    lang: str
    revision: int
    """Number of the public revision. 0: none is."""
    latest: int
    created_at: datetime
    published_at: datetime | None
    edited_at: datetime | None
    hidden_at: datetime | None
    """When it was removed, refused or withdrawn. null: it has not been."""
    votes: int
    replies: int
    """Public answers, for a first comment."""
    regime: str
    policy: str
    decision: DecisionId | None
    """What put it where it is."""
    tombstone: Tombstone | None
    receipt: str
    """SHA-256 of the secret that its author was given, so that the receipt goes on to open."""
    revisions: tuple[RevisionRecord, ...]
    decisions: tuple[KeptDecision, ...]
    voters: tuple[VoteRecord, ...] | msgspec.UnsetType = msgspec.UNSET
    """Not in a person's own export."""
    reviews: tuple[ReviewRecord, ...] | msgspec.UnsetType = msgspec.UNSET
    """Not in a person's own export."""
    danmaku: PlaceOver | None = None
    """null: it stands in the thread."""


class CaseRecord(Line, frozen=True, kw_only=True, tag="case"):
    """A report or an appeal."""

    id: CaseId
    number: str
    case: str
    """`report` or `appeal`."""
    state: str
    subject: str
    """The comment, by its `ref`."""
    decision: DecisionId | None
    class_: str = msgspec.field(name="class")
    statement: str
    filed_by: AccountId | None
    """null: without an account."""
    received_at: datetime
    due_at: datetime
    opens: str | msgspec.UnsetType = msgspec.UNSET
    """SHA-256 of the secret link to its page. Not in a person's own export."""
    evidence: str | msgspec.UnsetType = msgspec.UNSET
    """What the reporter had saved, as text: its UTF-8 bytes are what its hash is of."""
