"""Who is asking: a browser by its session cookie, a script by its bearer token, or a stranger.

A cookie goes along with requests that another page caused, so with a cookie alone nothing can be
changed: a script of ours sends the session's CSRF token in a header, a form of ours in a field.
"""

import hmac
from datetime import datetime
from functools import partial
from typing import Any, Final

import msgspec
import sqlalchemy as sa
from litestar.connection import ASGIConnection
from litestar.datastructures import Cookie

from gentie.accounts import queries
from gentie.accounts.model import NewSession, SessionExpired, SessionKind
from gentie.accounts.roles import (
    actor_of_account,
    actor_of_closed,
    actor_of_staff,
    actor_of_visitor,
    staff_of,
)
from gentie.accounts.rules import require_open
from gentie.accounts.tickets import csrf_of
from gentie.kernel.actor import ANYONE, Actor, Kind, MayNot
from gentie.kernel.chance import digest_of
from gentie.kernel.clock import Clock
from gentie.kernel.ids import AccountId, ActorId, SiteId
from gentie.kernel.refusal import Refusal
from gentie.sites import queries as sites
from gentie.sites.rules import serves_origin
from gentie.storage.db import Database
from gentie.visits import queries as visits
from gentie.visits.model import Door
from gentie.visits.rules import may_use, read_token
from gentie.web.embedding import SESSION, is_host, origin_of, site_at

Connection = ASGIConnection[Any, Any, Any, Any]

READING: Final = frozenset({"GET", "HEAD", "OPTIONS"})
CSRF_HEADER: Final = "x-csrf-token"
CSRF_FIELD: Final = "csrf"
FRAME_HEADER: Final = "x-gentie-frame"
_FORMS: Final = ("application/x-www-form-urlencoded", "multipart/form-data")


_BY_PASSKEY: Final = "/api/v1/account/passkeys/sign-in"
UNASKED: Final = frozenset(
    {
        f"{SESSION}/exchange",
        f"{SESSION}/renew",
        f"{SESSION}/introduce",
        _BY_PASSKEY,
        f"{_BY_PASSKEY}/begin",
    }
)
"""What opens a visit or a session brings its own proof; an old cookie must not stand in the way."""
FOR_VISITORS: Final = frozenset({SESSION, f"{SESSION}/end", "/api/v1/reports", "/dplayer/v3/"})
"""Where visitors may go besides the paths of their own site."""


class Visiting(msgspec.Struct, frozen=True, kw_only=True):
    """A request with the token of a visit."""

    token: str
    door: Door
    origin: str
    """As the browser says. Empty: it does not."""
    path: str


class BadCsrf(Refusal):
    code, says = "csrf", "This form is out of date. Please load the page again."


class Access:
    """Says who is asking. `base_url` is where people reach us."""

    def __init__(self, db: Database, *, clock: Clock, base_url: str) -> None:
        self._db, self._clock, self._secure = db, clock, base_url.startswith("https:")
        self._origin = origin_of(base_url)
        self.base_url = base_url.rstrip("/")
        """Where people reach us."""

    async def identify(self, connection: Connection) -> Actor:
        """The actor behind a request. Without credentials: anyone.

        Raises:
            SessionExpired: there are credentials, and they are no good (any more).
            BadCsrf: a change that came with a cookie and without the proof that we caused it.
        """
        if connection.scope["path"] in UNASKED:
            return ANYONE
        if connection.headers.get(FRAME_HEADER):
            return await self._in_frame(connection)
        if bearer := bearer_of(connection):
            return await self._by_bearer(connection, bearer)
        return await self._by_cookie(connection)

    async def _by_bearer(self, connection: Connection, token: str) -> Actor:
        if read_token(token) is None:
            return await self._db.read(partial(actor_of, token=token, now=self._clock()))
        visiting = _visiting(connection, token)
        return await self._db.read(partial(actor_of_visit, visiting=visiting, now=self._clock()))

    async def _by_cookie(self, connection: Connection) -> Actor:
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

    async def _in_frame(self, connection: Connection) -> Actor:
        """Who is signed in in our frame. No other page can send the header that leads here.

        Raises:
            SessionExpired: the cookie is no good (any more).
            BadCsrf: a change that a page of another origin caused.
        """
        token = self.visit_token_of(connection)
        if not token:
            return ANYONE
        if _method_of(connection) not in READING and not self.is_from_here(connection):
            raise BadCsrf
        visiting = _visiting(connection, token, door=Door.FRAME, service=self._origin)
        return await self._db.read(partial(actor_of_visit, visiting=visiting, now=self._clock()))

    def visit_token_of(self, connection: Connection) -> str:
        """The token of a visit that a request came with, by frame or header. Empty: none."""
        if connection.headers.get(FRAME_HEADER):
            return connection.cookies.get(frame_name(secure=self._secure), "")
        return bearer_of(connection)

    def frame_cookie(self, token: str, *, until: datetime) -> str:
        """A `Set-Cookie` that counts in our frames inside one top-level site, and there alone."""
        seconds = max(0, int((until - self._clock()).total_seconds()))
        rest = "Path=/; HttpOnly; Secure; SameSite=None; Partitioned"
        return f"{frame_name(secure=self._secure)}={token}; Max-Age={seconds}; {rest}"

    @property
    def origin(self) -> str:
        """Ours, as browsers name it."""
        return self._origin

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

    def link_cookie(self, held: str, seconds: int) -> Cookie:
        """Marks the browser that has asked for a way in by letter. 0 seconds: gone."""
        return self._cookie(held, seconds, name=link_name(secure=self._secure))

    def link_of(self, connection: Connection) -> str:
        return connection.cookies.get(link_name(secure=self._secure), "")

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
        if kind not in _FORMS or not self.is_from_here(connection):
            raise BadCsrf

    def is_from_here(self, connection: Connection) -> bool:
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
    if member is None and session.kind is SessionKind.AFTER:
        return actor_of_closed(AccountId(session.holder))
    if member is None:
        return actor_of_account(AccountId(session.holder))
    staff = queries.find_staff(tx, member)
    if staff is None or not staff.active:
        raise SessionExpired
    return actor_of_staff(staff)


def actor_of_visit(tx: sa.Connection, visiting: Visiting, *, now: datetime) -> Actor:
    """A commenter on a page of another site.

    Raises:
        SessionExpired: the token is unknown, old, ended or used from elsewhere, or the session
            that it hangs on has ended.
        MayNot: a visitor has no business at this path.
    """
    visit_id, secret = read_token(visiting.token) or ("", "")
    visit = visits.find_visit(tx, visit_id)
    if visit is None or not hmac.compare_digest(digest_of(secret), visit.access):
        raise SessionExpired
    if not may_use(visit, door=visiting.door, origin=visiting.origin, now=now):
        raise SessionExpired
    require_open(queries.find_session_under(tx, visit.session), now=now)
    site = sites.find_site(tx, visit.site)
    if site is None or (visit.door is Door.PAGE and not serves_origin(site, visit.origin)):
        raise SessionExpired
    there = site_at(tx, visiting.path)
    if visiting.path not in FOR_VISITORS and (there is None or there.id != site.id):
        raise MayNot(scope="visit")
    return actor_of_visitor(visit.account, visit.site)


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


def link_name(*, secure: bool) -> str:
    return "__Host-gentie-link" if secure else "gentie-link"


def frame_name(*, secure: bool) -> str:
    return "__Host-gentie-frame" if secure else "gentie-frame"


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


def _visiting(
    connection: Connection, token: str, *, door: Door = Door.PAGE, service: str = ""
) -> Visiting:
    """In a frame the origin is ours, under whatever name: `is_from_here` has looked at it."""
    named = connection.headers.get("origin", "")
    return Visiting(
        token=token,
        door=door,
        origin=service or named,
        path=connection.scope["path"],
    )
