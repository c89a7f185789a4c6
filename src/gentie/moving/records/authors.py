"""Lines about those who wrote: accounts, names of an old site, and where comments came from."""

from datetime import datetime

import msgspec

from gentie.accounts.model import AccountState, Consent
from gentie.kernel.ids import AccountId, ActorId, CommentId, DecisionId, LeafId, SiteId, ThreadId
from gentie.moving.records.line import Line, Part
from gentie.privacy.model import Comments
from gentie.standing.model import Measure


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
    """A measure, or `blocked`, `name-claimed`, `name-erased`, `data-leak`."""
    about: str
    """The comment, by its `ref`; of imported names the site."""
    code: str
    created_at: datetime
    seen_at: datetime | None


class SanctionRecord(Part, frozen=True, kw_only=True):
    """A measure on an account, taken on the site. The decision that took it is with the comment."""

    id: str
    site: SiteId
    measure: Measure
    decision: DecisionId
    """The decision that took it."""
    rests_on: DecisionId
    """The decision on what was written that it follows from."""
    starts_at: datetime
    """When the person was told."""
    ends_at: datetime | None
    """null: it has no term."""
    confirm_before: datetime | None
    """It ends then unless somebody from outside confirms it. null: it needs nobody."""
    confirmed_by: ActorId | msgspec.UnsetType | None = msgspec.UNSET
    """Who did, by number. Not in a person's own export."""
    lifted_at: datetime | None
    affirmed_at: datetime | None = None
    """When the person promised anew to keep to the agreement. null: not yet."""


class ClosingRecord(Part, frozen=True, kw_only=True):
    """That somebody closed their account, and what they wanted to become of their comments."""

    closed_at: datetime
    """When they did."""
    comments: Comments
    """What was to become of their comments."""
    cleared_at: datetime | None
    """When what was kept until then was deleted. null: a legal hold stood against it."""


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
    sanctions: tuple[SanctionRecord, ...] = ()
    """Measures on the account, oldest first."""
    closing: ClosingRecord | None = None
    """null: not closed by its person."""


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
