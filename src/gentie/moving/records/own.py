"""A person's own export: what the service keeps of them, in the words of a site's export."""

from datetime import datetime

import msgspec

from gentie.kernel.ids import SiteId
from gentie.moving.records.authors import ArchiveName, AuthorRecord
from gentie.moving.records.line import Part
from gentie.moving.records.threads import CaseRecord, CommentRecord
from gentie.privacy.model import Comments, RequestKind, RequestState


class SessionRecord(Part, frozen=True, kw_only=True):
    """That somebody was signed in. The token is not here."""

    session: str
    """`cookie` or `bearer`."""
    opened_at: datetime
    expires_at: datetime
    revoked_at: datetime | None


class OwnPasskey(Part, frozen=True, kw_only=True):
    """A key of one's own device. The public key is good for nothing but comparing."""

    label: str
    """What the person calls it. Empty: nothing."""
    added_at: datetime
    """When the device made it."""
    used_at: datetime | None
    """When it last signed the person in. null: never."""


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
    sign_in: bool
    """Whether the person may sign in by a link that is sent there."""
    asked_at: datetime
    """When the address was given."""
    confirmed_at: datetime | None
    """When a link sent to it was followed. null: not yet."""


class LetterRecord(Part, frozen=True, kw_only=True):
    """A letter to the person, of the last thirty days."""

    letter: str
    """`confirm`, `replies`, `decisions`, `leaks` or `sign-in`."""
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


class OwnRules(Part, frozen=True, kw_only=True):
    """A version of the processing rules that the person has seen."""

    number: int
    """Of the version."""
    at: datetime


class OwnClosure(Part, frozen=True, kw_only=True):
    """That the person closed the account."""

    closed_at: datetime
    """When."""
    comments: Comments
    """Whether the comments stay under the name of a closed account, or are withdrawn."""


class OwnRequest(Part, frozen=True, kw_only=True):
    """What the person asked about their data, and the answer."""

    number: str
    """What one reads out."""
    kind: RequestKind
    """What was asked for."""
    state: RequestState
    """How it stands."""
    statement: str
    """In the words of who asked."""
    answer: str
    """Empty while it waits."""
    received_at: datetime
    """When it came in."""
    due_at: datetime
    answered_at: datetime | None
    """null: not yet."""


class OwnHold(Part, frozen=True, kw_only=True):
    """Why data of the person may not be deleted for a time, where they may be told."""

    number: str
    """What one reads out."""
    why: str
    """In the words of who set it."""
    basis: str
    """The law or order that asks for it."""
    since: datetime
    """From when it stands."""
    until: datetime
    """When it ends by itself."""
    ended_at: datetime | None
    """null: it stands."""


class OwnCredit(Part, frozen=True, kw_only=True):
    """Something that changed the person's credit on a site."""

    site: str
    kind: str
    """`refused`, `removed`, `lesson` or `repaired`."""
    decision: str | None
    """The decision it follows from; null: a lesson."""
    points: int
    """As it was when it happened."""
    policy: str
    """The rules of the time."""
    at: datetime
    """When."""


class OwnLesson(Part, frozen=True, kw_only=True):
    """A lesson that was offered to the person."""

    lesson: str
    """Its id."""
    about: str
    """The decision that it was offered with. Empty: none."""
    site: str
    """Where. Empty: nowhere in particular."""
    offered_at: datetime
    """When it was offered."""
    done_at: datetime | None
    """null: not finished."""


class OwnUpload(Part, frozen=True, kw_only=True):
    """A picture, audio or video that the person sent, posted or not."""

    id: str
    """Part of the addresses of its forms, which stand in the comment that shows it."""
    site: str
    """Where it was sent to."""
    state: str
    """`receiving`, `checking`, `ready`, `held` or `refused`."""
    reason: str
    """Why it was refused, as a code. Empty: it was not."""
    size: int
    """Bytes as it was sent."""
    sha256: str
    """Of the bytes as they were sent, hex."""
    alt: str
    """What a person who cannot see it is told."""
    transcript: str
    """What is said in it, in the person's words."""
    text: str
    """What a machine read in it."""
    comment: str | None
    """The comment that shows it. null: none."""
    created_at: datetime
    """When it was sent."""


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
    passkeys: tuple[OwnPasskey, ...]
    """Keys of the person's devices, the oldest first."""
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
    rules_seen: tuple[OwnRules, ...]
    """Versions of the processing rules that the person has confirmed to have seen."""
    closure: OwnClosure | None
    """null: the account was not closed by its person."""
    requests: tuple[OwnRequest, ...]
    """What the person asked about their data, newest first."""
    holds: tuple[OwnHold, ...]
    """Legal holds on this person's data, but those that the law forbids to tell of."""
    credit: tuple[OwnCredit, ...]
    """Every event of credit, oldest first."""
    uploads: tuple[OwnUpload, ...]
    """Pictures, audio and video, the oldest first."""
    lessons: tuple[OwnLesson, ...]
    """Lessons offered, the latest first."""
