"""The nouns of visits: a person who is signed in here takes part on a page of another site."""

import enum
from datetime import datetime, timedelta

import msgspec
from typing_extensions import override

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


class SiteKey(msgspec.Struct, frozen=True, kw_only=True):
    """With what a site's server signs for its users."""

    kid: str
    alg: str
    """ES256, EdDSA or HS256."""
    key: bytes
    """A public key as PEM; for HS256 the shared secret, locked while it is kept."""

    @override
    def __repr__(self) -> str:
        return f"SiteKey(kid={self.kid!r}, alg={self.alg!r})"


class SiteUser(msgspec.Struct, frozen=True, kw_only=True):
    """Whom a site's server has named."""

    sub: str
    """The site's own name for the user. Goes no further than its mark."""
    jti: str
    name: str
    """A pseudonym to begin with. Empty: none."""
    ends_at: datetime


class Introduction(msgspec.Struct, frozen=True, kw_only=True):
    """That a site's user is on the way to our window."""

    site: SiteId
    origin: str
    mark: str
    name: str
    ends_at: datetime


class Introduced(msgspec.Struct, frozen=True, kw_only=True):
    """What the window knows of them."""

    name: str
    account: AccountId | None
    """Whose account is tied to this user already."""


class SiteTokenInvalid(Refusal):
    code, says = "site-token-invalid", "The site's word for its user does not hold."


class SiteUserTaken(Refusal):
    code, says = (
        "site-user-taken",
        "This user of the site takes part from another account. Sign in to that one.",
    )


class BadSiteKey(Refusal):
    code, says = "bad-site-key", "This is no public key on P-256 or Ed25519, as PEM."


class CodeInvalid(Refusal):
    code, says = "code-invalid", "This sign-in has ended. Please start it again."


class NotForThisPage(Refusal):
    code, says = "not-for-this-page", "This page may not ask people to sign in."
