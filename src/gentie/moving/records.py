"""The lines of an export. docs/moving-out.md explains each field; a test holds the two together.

Additive only: a reader of format 1 has to understand whatever was written as format 1. There is no
field for an identity, an address, an e-mail, a password, a session or a secret.
"""

from datetime import datetime
from typing import Final

import msgspec

from gentie.accounts.model import AccountState, AgreementText, Consent
from gentie.comments.model import Author, Form, Origin, RevisionState, State, Tombstone
from gentie.decisions.model import Decision
from gentie.kernel.ids import (
    AccountId,
    ActorId,
    CaseId,
    CommentId,
    DecisionId,
    LeafId,
    SiteId,
    ThreadId,
)
from gentie.review.model import ItemState, PlannedRefusal
from gentie.sites.model import Mode, SwitchKind, ThreadClass

FORMAT: Final = "gentie-export/1"


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """What stands inside a line."""


class Line(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind"):
    """One line of the file. `kind` says which."""


class LogHead(Part, frozen=True, kw_only=True):
    """Where the public log stood."""

    origin: str
    """Name of the log, and so of the instance. Empty: nothing was signed yet."""
    key: str
    """Verification key (vkey) that the checkpoint is signed with."""
    size: int
    """Leaves that the checkpoint covers."""
    checkpoint: str
    """The signed note. Empty: none was published yet."""


class Header(Line, frozen=True, kw_only=True, tag="header"):
    """The first line."""

    format: str
    """Always `gentie-export/1`."""
    site: SiteId
    log: LogHead


class EarlierLog(Line, frozen=True, kw_only=True, tag="earlier_log"):
    """A name under which the same tree was signed before, and where that ended."""

    origin: str
    key: str
    checkpoint: str
    at: datetime


class Leaf(Line, frozen=True, kw_only=True, tag="leaf"):
    """A leaf of the public log. All that the checkpoint covers are here, of other sites too."""

    index: int | None
    """Its place. null: it had none yet."""
    entry: str
    """Its bytes. The hash is SHA-256 of a zero byte and these."""
    id: LeafId | None
    """By which decisions, tombstones and others name it. null: it is about another site."""
    at: datetime | None
    """When it was appended. null: it is about another site."""


class Agreement(Line, frozen=True, kw_only=True, tag="agreement"):
    """A version of the service agreement, under a regime that the site was under."""

    regime: str
    number: int
    policy: str
    in_force_from: datetime
    text: AgreementText


class RuleSet(Line, frozen=True, kw_only=True, tag="rule_set"):
    """A version of the screening rules: what a decision's `rule` and a `verdict` rest on."""

    version: int
    state: str
    author: ActorId
    drafted_at: datetime
    approved_by: ActorId | None
    approved_at: datetime | None
    body: msgspec.Raw
    """The rules."""
    record: msgspec.Raw
    """The approval that its leaf commits to. null: not approved."""
    salt: str | None
    """Opens the commitment, hex."""
    leaf: LeafId | None


class RegimeSince(Part, frozen=True, kw_only=True):
    since: datetime
    regime: str
    policy: str
    by: ActorId


class FeatureOn(Part, frozen=True, kw_only=True):
    name: str
    assessment: str
    """Id of the security assessment that covers it."""
    online_at: datetime
    by: ActorId


class SwitchRecord(Part, frozen=True, kw_only=True):
    """Something that was on for a time, such as read-only."""

    id: str
    thread: ThreadId | None
    """null: the whole site."""
    switch: SwitchKind
    reason: str
    by: ActorId
    by_role: str
    since: datetime
    until: datetime
    lifted_at: datetime | None
    salt: str
    """Opens the commitment in its leaf, hex."""
    leaf: LeafId


class SiteRecord(Line, frozen=True, kw_only=True, tag="site"):
    """The site. Its token is not here."""

    id: SiteId
    name: str
    regime: str
    test: bool
    lang: str
    origins: tuple[str, ...]
    created_at: datetime
    regimes: tuple[RegimeSince, ...]
    """Which regime it was under, from when, by whom."""
    features: tuple[FeatureOn, ...]
    switches: tuple[SwitchRecord, ...]


class BatchRecord(Line, frozen=True, kw_only=True, tag="batch"):
    """An archive that was brought in, and the decision on it."""

    id: str
    source: str
    by: ActorId
    opened_at: datetime
    approved_at: datetime | None
    approved_by: ActorId | None
    approved_role: str | None
    refused_at: datetime | None
    refusal: msgspec.Raw
    """The refusal that its leaf commits to. null: not refused."""
    salt: str | None
    """Opens the commitment in the leaf of either, hex."""
    leaf: LeafId | None


class NameTaken(Part, frozen=True, kw_only=True):
    """A name that is reserved for an account, in the spelling by which names are compared."""

    key: str
    taken_at: datetime


class VerificationRecord(Part, frozen=True, kw_only=True):
    """That somebody was verified, how well and until when. Never who."""

    id: str
    provider: str
    framework: str
    level: str
    method: str
    verified_at: datetime
    recorded_at: datetime
    valid_until: datetime
    revoked_at: datetime | None
    revoked_why: str | None


class AcceptanceRecord(Part, frozen=True, kw_only=True):
    regime: str
    number: int
    """Version of the agreement."""
    at: datetime


class SaidConsent(Part, frozen=True, kw_only=True):
    id: str
    said: Consent


class NoticeRecord(Part, frozen=True, kw_only=True):
    """What a person was told."""

    id: str
    decision: DecisionId | None
    notice: str
    """A measure, or "blocked"."""
    about: str
    """The comment, by its `ref`."""
    code: str
    created_at: datetime
    seen_at: datetime | None


class AuthorRecord(Line, frozen=True, kw_only=True, tag="author"):
    """An account under its pseudonym: whoever wrote, voted or filed something on the site."""

    id: AccountId
    name: str
    avatar: str
    badges: tuple[str, ...]
    state: AccountState
    opened_at: datetime
    names: tuple[NameTaken, ...]
    """The present name and earlier ones: nobody else may take them."""
    verifications: tuple[VerificationRecord, ...]
    acceptances: tuple[AcceptanceRecord, ...]
    consents: tuple[SaidConsent, ...]
    notices: tuple[NoticeRecord, ...]


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
    """Opens `record.decider`, hex. Not in a person's own export."""


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


class ArchiveName(Line, frozen=True, kw_only=True, tag="archive_name"):
    """A name that imported comments stand under, and who has proven to be that."""

    author: AccountId
    """As comments name it: `archive:` and a digest."""
    source: str
    name: str
    """Empty: erased."""
    account: AccountId | None
    """Who claimed it."""
    claimed_at: datetime | None
    erased_at: datetime | None
    proof: str | None
    """What showed it, for example "link"."""
    salt: str | None
    """Opens the commitment in its leaf, hex."""
    leaf: LeafId | None


class SourceRecord(Line, frozen=True, kw_only=True, tag="source"):
    """Which comment of an archive became which comment here, so that it never comes twice."""

    source: str
    source_id: str
    thread: ThreadId
    comment: CommentId
    batch: str
    waits: int
    """1: for the decision on its batch. 2: for somebody who looks at it. 0: for nothing."""
    votes: int | None
    """What the old service had counted. null: it had not."""


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


class End(Line, frozen=True, kw_only=True, tag="end"):
    """The last line: without it, the file was cut off."""

    lines: int
    """How many stand before it."""
    sha256: str
    """Of all bytes before it, hex."""


Record = (
    Header
    | EarlierLog
    | Leaf
    | Agreement
    | RuleSet
    | SiteRecord
    | BatchRecord
    | AuthorRecord
    | ThreadRecord
    | CommentRecord
    | ArchiveName
    | SourceRecord
    | CaseRecord
    | End
)
ORDER: Final[dict[type, int]] = {
    Header: 0,
    Agreement: 1,
    RuleSet: 2,
    SiteRecord: 3,
    BatchRecord: 4,
    AuthorRecord: 5,
    ThreadRecord: 6,
    CommentRecord: 6,
    ArchiveName: 7,
    SourceRecord: 8,
    CaseRecord: 9,
    EarlierLog: 10,
    Leaf: 11,
    End: 12,
}
"""Lines come in this order; threads with their comments take turns."""


def kind_of(record: Record) -> str:
    """Its `kind`, as it stands in its line."""
    return str(type(record).__struct_config__.tag)


class SessionRecord(Part, frozen=True, kw_only=True):
    """That somebody was signed in. The token is not here."""

    session: str
    """`cookie` or `bearer`."""
    opened_at: datetime
    expires_at: datetime
    revoked_at: datetime | None


class OwnVote(Part, frozen=True, kw_only=True):
    ref: str
    at: datetime


class MailRecord(Part, frozen=True, kw_only=True):
    """Where the person gets mail. The address is sealed, and nothing that answers can open it."""

    hint: str
    """As much of the address as its owner needs to know it again."""
    state: str
    """`asked`, `confirmed` or `failing`."""
    lang: str
    replies: bool
    """Whether letters tell of replies."""
    decisions: bool
    """Whether letters tell of decisions."""
    asked_at: datetime
    """When the address was given."""
    confirmed_at: datetime | None
    """When a link sent to it was followed. null: not yet."""


class LetterRecord(Part, frozen=True, kw_only=True):
    """A letter to the person, of the last thirty days."""

    letter: str
    """`confirm`, `replies` or `decisions`."""
    state: str
    """`waiting`, `sent`, `failed` or `dropped`."""
    created_at: datetime
    sent_at: datetime | None
    """When a mail server took it. null: none has."""
    error: str
    """What kind of failure the last attempt met. Empty: none."""


class OwnPerson(Part, frozen=True, kw_only=True):
    """Somebody whom the person keeps away."""

    name: str
    """Their name of today. Empty: the account is gone."""
    keep: str
    """`muted` or `blocked`."""
    since: datetime


class OwnLimit(Part, frozen=True, kw_only=True):
    """A limit for one comment."""

    ref: str
    replies: str
    """Who may reply to this comment: `everyone`, `known` or `nobody`."""


class OwnBoundaries(Part, frozen=True, kw_only=True):
    """Who may reply, and who is kept away."""

    replies: str
    """Who may reply where a comment has no limit of its own: `everyone`, `known` or `nobody`."""
    protected_until: datetime | None
    """null: protection was never on, or was turned off."""
    limits: tuple[OwnLimit, ...]
    """Comments with a limit of their own."""
    people: tuple[OwnPerson, ...]
    """Whom the person keeps away."""


class OwnEvidence(Part, frozen=True, kw_only=True):
    """A saved bundle."""

    id: str
    """Its number."""
    at: datetime
    sha256: str
    """Of the UTF-8 bytes of `bundle`, hex."""
    bundle: str
    """What was saved, as text."""


class OwnSite(Part, frozen=True, kw_only=True):
    """A site that the person takes part on."""

    site: SiteId
    since: datetime


class OwnVisit(Part, frozen=True, kw_only=True):
    """Being signed in on a page of another site."""

    site: SiteId
    origin: str
    """Of the page."""
    opened_at: datetime
    ends_at: datetime
    """When it ends by itself."""
    ended_at: datetime | None
    """null: it ended by itself, or stands."""


class PersonExport(msgspec.Struct, frozen=True, kw_only=True):
    """What a person gets of their own (`GET /api/v1/me/export`)."""

    format: str
    """Always `gentie-person/1`."""
    author: AuthorRecord
    comments: tuple[CommentRecord, ...]
    """In whatever state, on all sites, oldest first."""
    cases: tuple[CaseRecord, ...]
    """Reports and appeals that were filed from this account."""
    archive_names: tuple[ArchiveName, ...]
    """Names of imported comments that this person has claimed."""
    votes: tuple[OwnVote, ...]
    """What the person agrees with."""
    sessions: tuple[SessionRecord, ...]
    """Where somebody was signed in, the ended ones too while they are kept."""
    mail: MailRecord | None
    """null: no address was given."""
    letters: tuple[LetterRecord, ...]
    """The latest twenty, newest first."""
    boundaries: OwnBoundaries
    """Who may reply, and who is kept away."""
    evidence: tuple[OwnEvidence, ...]
    """What the person saved when they protected themselves."""
    sites: tuple[OwnSite, ...]
    """Sites of others that the person takes part on."""
    visits: tuple[OwnVisit, ...]
    """When the person was signed in on their pages, while that is kept."""
