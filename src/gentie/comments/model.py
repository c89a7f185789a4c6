"""The nouns of contributions. One life cycle for every form."""

import enum
from datetime import datetime, timedelta

import msgspec

from gentie.comments.parts import NO_PARTS
from gentie.kernel.ids import (
    AccountId,
    ActorId,
    CommentId,
    CommentRef,
    DecisionId,
    SiteId,
    ThreadId,
)
from gentie.kernel.refusal import Refusal

UNSENT = timedelta(days=1)
"""How long an unsent text is kept."""


class Form(enum.StrEnum):
    """How something is said (2017-2.2b). A reaction is not one: it has no content."""

    POST = "post"
    REPLY = "reply"
    MESSAGE = "message"
    """Addressed to a site: a contribution to its guestbook."""
    DANMAKU = "danmaku"


class State(enum.StrEnum):
    HELD = "held"
    PUBLISHED = "published"
    REFUSED = "refused"
    """Never was public."""
    REMOVED = "removed"
    """Was public; a tombstone stands in its place."""
    WITHDRAWN = "withdrawn"
    """By its author."""
    ERASED = "erased"


class Event(enum.StrEnum):
    """What can happen to a contribution after it was submitted."""

    PUBLISH = "publish"
    REFUSE = "refuse"
    REMOVE = "remove"
    RESTORE = "restore"
    """Undo a removal or a refusal."""
    RECALL = "recall"
    """Undo a publication: back to the queue."""
    WITHDRAW = "withdraw"
    ERASE = "erase"


class RevisionState(enum.StrEnum):
    HELD = "held"
    PUBLISHED = "published"
    REFUSED = "refused"
    REMOVED = "removed"
    SUPERSEDED = "superseded"
    """A later revision took its place."""
    WITHDRAWN = "withdrawn"


class Origin(enum.StrEnum):
    USER = "user"
    ARCHIVE = "archive"
    """Imported; its author is not verified."""


class Order(enum.StrEnum):
    NEWEST = "newest"
    OLDEST = "oldest"
    TOP = "top"


class Author(msgspec.Struct, frozen=True, kw_only=True):
    """As the public sees the author: a snapshot, so that reading needs no account."""

    id: AccountId
    name: str
    avatar: str
    badges: tuple[str, ...] = ()


class Tombstone(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What stands where something was removed.

    `nonce` opens the subject commitment in the leaf of the removal, so that any reader can check
    that this very removal is in the public log, and one leaf cannot cover a hundred.
    """

    tier: str
    by: str
    """Role of who decided, never a name."""
    nonce: str
    leaf: str
    """Row id of the leaf; its index in the log is known once it is sequenced."""
    revision: int
    class_id: str = ""
    """Empty: naming the class would brand the author or expose somebody."""


class Subject(msgspec.Struct, frozen=True, kw_only=True):
    """What a tombstone's leaf commits to."""

    comment: str
    revision: int


class Comment(msgspec.Struct, frozen=True, kw_only=True):
    """A contribution as the acts see it."""

    thread: ThreadId
    id: CommentId
    site: SiteId
    parent: CommentId | None
    root: CommentId | None
    """The first comment of its branch. None: this is one."""
    form: Form
    state: State
    author: Author
    origin: Origin
    revision: int
    """Number of the published revision; 0: none is."""
    latest: int
    """Number of the newest revision, published or not."""
    created_at: datetime
    published_at: datetime | None
    votes: int
    replies: int
    """Public replies in the branch, for a first comment."""
    regime: str
    policy: str
    decision: DecisionId | None
    """The decision that put it where it is, where one did."""
    tombstone: Tombstone | None
    receipt: str
    """Digest of the secret that its author was given."""

    @property
    def ref(self) -> CommentRef:
        return CommentRef(self.thread, self.id)


class Revision(msgspec.Struct, frozen=True, kw_only=True):
    thread: ThreadId
    comment: CommentId
    number: int
    state: RevisionState
    source: str
    """What the author typed, cleaned."""
    plain: str
    """What is screened and quoted. Spans of findings count in its characters."""
    nodes: bytes
    """JSON of the parsed body."""
    html: str
    kinds: tuple[str, ...]
    """Of text, symbol, emoji, picture, audio, video."""
    created_at: datetime
    verdict: bytes
    """JSON of screening's verdict."""
    parts: bytes = NO_PARTS
    """JSON of its pictures, audio and video: a list of `Part`."""


class ArchiveBatch(msgspec.Struct, frozen=True, kw_only=True):
    """What was imported from one archive and waits for one decision."""

    id: str
    site: SiteId
    source: str
    """Names the archive, for example "wxr:https://old.example"."""
    by: ActorId
    opened_at: datetime
    approved_at: datetime | None
    refused_at: datetime | None

    @property
    def decided(self) -> bool:
        return self.approved_at is not None or self.refused_at is not None


class BatchApproval(msgspec.Struct, frozen=True, kw_only=True):
    """The decision to publish a batch. The log commits to this."""

    batch: str
    site: SiteId
    source: str
    items: int
    """How many it publishes."""
    by: ActorId
    by_role: str
    at: datetime


class ArchiveAuthor(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody under whose name imported comments are shown."""

    author: AccountId
    site: SiteId
    source: str
    name: str
    account: AccountId | None
    """Who has claimed the name. None: nobody."""
    claimed_at: datetime | None
    erased_at: datetime | None
    """When its owner had everything under it erased. None: never."""

    @property
    def is_open(self) -> bool:
        return self.account is None and self.erased_at is None


class ClaimLink(msgspec.Struct, frozen=True, kw_only=True):
    """What a link to claim a name stands for."""

    id: str
    author: AccountId
    made_by: ActorId
    made_at: datetime
    expires_at: datetime
    used_at: datetime | None
    proof: str = "link"
    """"link": the operator vouches for whoever holds it; "old-site": that site's account does."""


class ClaimKey(msgspec.Struct, frozen=True, kw_only=True):
    """With which an old site signs who had which account there. Public: ours is no secret of it."""

    id: str
    """Thumbprint (RFC 7638), the `kid` of statements."""
    site: SiteId
    source: str
    """The archive whose names it may speak about, and no other."""
    jwk: str
    where: str
    """Address at the old site where people get a statement. Empty: they are not told."""
    added_by: ActorId
    added_at: datetime
    ended_at: datetime | None
    """From when on its statements count no more. None: they count."""


class NameClaim(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody has shown that a name of the archive was theirs. The log commits to this."""

    author: AccountId
    site: SiteId
    source: str
    wish: str
    """"claim" or "erase"."""
    account: AccountId | None
    proof: str
    """"link" or "old-site"."""
    at: datetime


class NoSuchArchiveAuthor(Refusal):
    code, says = "no-such-archive-author", "There are no imported comments under this name."


class BadClaimLink(Refusal):
    code, says = "bad-claim-link", "This link is not valid, or not any more."


class BadStatement(Refusal):
    code, says = "bad-statement", "What the old site says about you does not count here."


class BadClaimKey(Refusal):
    code, says = "bad-claim-key", "This is no public key that statements can be checked with."


class NoSuchClaimKey(Refusal):
    code, says = "no-such-claim-key", "There is no such key, or it has ended."


class NameClaimed(Refusal):
    code, says = "name-claimed", "This name has been claimed already."


class BatchRefusal(msgspec.Struct, frozen=True, kw_only=True):
    """The decision not to publish a batch. The log commits to this."""

    batch: str
    site: SiteId
    source: str
    items: int
    """How many it keeps back."""
    reason: str
    by: ActorId
    by_role: str
    at: datetime


class BatchNumbers(msgspec.Struct, frozen=True, kw_only=True):
    waiting: int
    """Are published by the decision on their batch."""
    for_review: int
    """Screening found something in them: a person looks at each, unless the batch is refused."""


class BatchDecided(Refusal):
    code, says = "batch-decided", "This import has been decided on already."


class BatchNeedsReason(Refusal):
    code, says = "batch-needs-reason", "Refusing an import needs a reason."


class NoSuchOrder(Refusal):
    code, says = "no-such-order", "There is no such order of comments."


class NoSuchBatch(Refusal):
    code, says = "no-such-batch", "There is no such imported batch."


class Unsent(msgspec.Struct, frozen=True, kw_only=True):
    """A text that its author has not sent yet."""

    site: SiteId
    key: str
    parent: str
    """The comment it answers, as the outside names it. Empty: none."""
    text: str


class NothingWaiting(Refusal):
    code, says = "nothing-waiting", "There is no unsent comment: it was sent, or its day is over."


class WrongState(Refusal):
    code, says = "wrong-state", "This comment is not in a state in which that is possible."


class NoSuchParent(Refusal):
    code, says = "no-such-parent", "The comment you reply to is not here, or no longer public."


class NotTheAuthor(Refusal):
    code, says = "not-the-author", "Only its author may do this."


class OwnComment(Refusal):
    code, says = "own-comment", "Nobody votes on their own comment."


class NotPublished(Refusal):
    code, says = "not-published", "This comment is not public."


class FormNotOffered(Refusal):
    code, says = "form-not-offered", "This kind of contribution is not offered here."


class StaleRevision(Refusal):
    code, says = "stale-revision", "The comment has changed since you looked at it."
