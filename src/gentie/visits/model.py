"""The nouns of visits: a person who is signed in here takes part on a page of another site."""

import enum
from datetime import datetime, timedelta

import msgspec

from gentie.kernel.ids import AccountId, SiteId
from gentie.kernel.refusal import Refusal

CODE_TERM = timedelta(minutes=2)
TOKEN_TERM = timedelta(minutes=10)
VISIT_TERM = timedelta(hours=12)
"""Longest visit of a page: after that the person comes by again."""


class Door(enum.StrEnum):
    """How a visitor's requests reach us."""

    PAGE = "page"
    """From the site's own page, with a token that its script holds in memory."""
    FRAME = "frame"
    """From our frame inside the site's page, with a cookie that counts there alone."""


class Way(msgspec.Struct, frozen=True, kw_only=True):
    """Where a person comes from and goes back to."""

    site: SiteId
    origin: str
    """Of the page that asks; for a frame our own."""
    door: Door
    challenge: str
    """S256 of a secret that only that page has (RFC 7636)."""


class Offer(msgspec.Struct, frozen=True, kw_only=True):
    """A one-time code that is under way to a page."""

    account: AccountId
    way: Way
    session: str
    """Digest of the session here that the visit will hang on."""
    expires_at: datetime
    visit: str
    """Id of the visit it was exchanged for. Empty: not yet."""


class Visit(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    """128 random bits; part of its tokens."""
    account: AccountId
    site: SiteId
    origin: str
    door: Door
    session: str
    access: str
    """Digest of the token in use."""
    access_until: datetime
    refresh: str
    """Digest of what renews it. Empty: a frame's cookie is not renewed."""
    opened_at: datetime
    ends_at: datetime
    ended_at: datetime | None


class Opened(msgspec.Struct, frozen=True, kw_only=True):
    """A visit with its secrets, which are shown this once and stored nowhere."""

    visit: Visit
    token: str
    refresh: str


class Connection(msgspec.Struct, frozen=True, kw_only=True):
    """A site that a person takes part on."""

    site: SiteId
    since: datetime
    asks: bool
    """Whether the person wants to be asked the next time, as after signing out there."""


class CodeInvalid(Refusal):
    code, says = "code-invalid", "This sign-in has ended. Please start it again."


class NotForThisPage(Refusal):
    code, says = "not-for-this-page", "This page may not ask people to sign in."
