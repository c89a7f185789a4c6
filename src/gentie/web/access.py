"""Who is asking: a browser by its session cookie, a script by its bearer token, or a stranger.

A cookie goes along with requests that another page caused, so with a cookie alone nothing can be
changed: a script of ours sends the session's CSRF token in a header, a form of ours in a field.
"""

import hmac
from functools import partial
from typing import Any, Final

import sqlalchemy as sa
from litestar.connection import ASGIConnection
from litestar.datastructures import Cookie

from gentie.accounts import queries
from gentie.accounts.model import NewSession, SessionExpired
from gentie.accounts.roles import actor_of_account, actor_of_staff, staff_of
from gentie.accounts.rules import require_open
from gentie.accounts.tickets import csrf_of
from gentie.kernel.actor import ANYONE, Actor, Kind
from gentie.kernel.chance import digest_of
from gentie.kernel.clock import Clock
from gentie.kernel.ids import AccountId, ActorId, SiteId
from gentie.kernel.refusal import Refusal
from gentie.sites import queries as sites
from gentie.storage.db import Database
from gentie.web.embedding import is_host, origin_of

Connection = ASGIConnection[Any, Any, Any, Any]

READING: Final = frozenset({"GET", "HEAD", "OPTIONS"})
CSRF_HEADER: Final = "x-csrf-token"
CSRF_FIELD: Final = "csrf"
_FORMS: Final = ("application/x-www-form-urlencoded", "multipart/form-data")


class BadCsrf(Refusal):
    code, says = "csrf", "This form is out of date. Please load the page again."


class Access:
    """Says who is asking. `base_url` is where people reach us."""

    def __init__(self, db: Database, *, clock: Clock, base_url: str) -> None:
        self._db, self._clock, self._secure = db, clock, base_url.startswith("https:")
        self._origin = origin_of(base_url)

    async def identify(self, connection: Connection) -> Actor:
        """The actor behind a request. Without credentials: anyone.

        Raises:
            SessionExpired: there are credentials, and they are no good (any more).
            BadCsrf: a change that came with a cookie and without the proof that we caused it.
        """
        if bearer := bearer_of(connection):
            return await self._db.read(partial(actor_of, token=bearer, now=self._clock()))
        token = connection.cookies.get(cookie_name(secure=self._secure), "")
        if not token:
            return ANYONE
        try:
            acting = await self._db.read(partial(actor_of, token=token, now=self._clock()))
        except SessionExpired:
            if is_page(connection):  # a page shows its reader the way to sign in again
                return ANYONE
            raise
        if _method_of(connection) not in READING:
            self._require_ours(connection, token)
        return acting

    def token_of(self, connection: Connection) -> str:
        """The session token of a request, by header or cookie. Empty: none."""
        cookie = connection.cookies.get(cookie_name(secure=self._secure), "")
        return bearer_of(connection) or cookie

    def cookie_for(self, session: NewSession) -> Cookie:
        """Set after signing in. Scripts cannot read it."""
        left = session.expires_at - self._clock()
        return self._cookie(session.token, int(left.total_seconds()))

    def no_cookie(self) -> Cookie:
        """Set after signing out."""
        return self._cookie("", 0)

    def ticket_cookie(self, ticket: str, seconds: int) -> Cookie:
        """Carries a verification attempt to the identity provider and back. 0 seconds: gone."""
        return self._cookie(ticket, seconds, name=ticket_name(secure=self._secure))

    def ticket_of(self, connection: Connection) -> str:
        return connection.cookies.get(ticket_name(secure=self._secure), "")

    def csrf_of(self, connection: Connection) -> str:
        """What forms on a page for this session send back. Empty: no session, no need."""
        token = connection.cookies.get(cookie_name(secure=self._secure), "")
        return csrf_of(token) if token else ""

    def _require_ours(self, connection: Connection, token: str) -> None:
        sent = connection.headers.get(CSRF_HEADER, "")
        if hmac.compare_digest(sent.encode(), csrf_of(token).encode()):
            return
        # A form cannot send a header. Its handler checks the field (`forms.read`); here its origin
        # has to be ours, which browsers say with every form that is posted.
        kind = connection.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind not in _FORMS or not self._is_from_here(connection):
            raise BadCsrf

    def _is_from_here(self, connection: Connection) -> bool:
        """By the name people reach us under, or by the host that was asked for.

        The origins of a site are not ours: they come with a token, never with the cookie.
        """
        origin = connection.headers.get("origin", "")
        return origin == self._origin or is_host(origin, connection.headers.get("host", ""))

    def _cookie(self, value: str, seconds: int, *, name: str = "") -> Cookie:
        return Cookie(
            key=name or cookie_name(secure=self._secure),
            value=value,
            max_age=seconds,
            path="/",
            secure=self._secure,
            httponly=True,
            samesite="lax",
        )


def actor_of(tx: sa.Connection, token: str, *, now: Any) -> Actor:
    """Raises SessionExpired: unknown, ended or revoked, or its holder is gone."""
    found = queries.find_session(tx, token)
    if found is None and (site := sites.find_by_token(tx, digest_of(token))):
        return actor_of_site(site.id)
    session = require_open(found, now=now)
    member = staff_of(session.holder)
    if member is None:
        return actor_of_account(AccountId(session.holder))
    staff = queries.find_staff(tx, member)
    if staff is None or not staff.active:
        raise SessionExpired
    return actor_of_staff(staff)


def actor_of_site(site: SiteId) -> Actor:
    """A publisher's own server: it says what its threads are, and speaks for nobody."""
    scopes = frozenset({"thread:declare"})
    return Actor(id=ActorId(f"site:{site}"), kind=Kind.SITE, scopes=scopes, site=site)


def bearer_of(connection: Connection) -> str:
    kind, _, token = connection.headers.get("authorization", "").partition(" ")
    return token.strip() if kind.lower() == "bearer" else ""


def cookie_name(*, secure: bool) -> str:
    # The prefix binds the cookie to this host and to https; browsers refuse it without.
    return "__Host-gentie" if secure else "gentie"


def ticket_name(*, secure: bool) -> str:
    return "__Host-gentie-verify" if secure else "gentie-verify"


def is_page(connection: Connection) -> bool:
    return not connection.scope["path"].startswith("/api/")


def require_form_token(given: str, *, expected: str) -> None:
    """What every form that changes something asks first. Strangers have no session to misuse.

    Raises:
        BadCsrf: the form was not made for this session.
    """
    if expected and not hmac.compare_digest(given.encode(), expected.encode()):
        raise BadCsrf


def _method_of(connection: Connection) -> str:
    """A WebSocket begins with a GET."""
    return str(dict(connection.scope).get("method", "GET"))
