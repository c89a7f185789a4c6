"""Signing in on a page of another site: a code becomes a token that lives for minutes.

Identity, consent, decisions and appeals are never within reach of that token: the page that
holds it is not ours.
"""

from datetime import datetime
from functools import partial
from typing import Annotated, Any

import msgspec
import sqlalchemy as sa
from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import JSONBody

from gentie.accounts import queries as accounts
from gentie.accounts.model import SessionExpired
from gentie.actions.identity.exchange_code import exchange_code
from gentie.actions.identity.introduce_user import introduce_user
from gentie.actions.identity.leave_visit import leave_visit
from gentie.actions.identity.renew_visit import renew_visit
from gentie.kernel.actor import ANYONE
from gentie.kernel.chance import new_secret
from gentie.kernel.ids import SiteId
from gentie.visits import queries
from gentie.visits.model import CodeInvalid, Door, Introduction, Opened, Visit
from gentie.visits.rules import read_token
from gentie.visits.tokens import mark_of, read_user_token, unlocked
from gentie.visits.users.queries import keys_of
from gentie.web.access import FRAME_HEADER
from gentie.web.embed.writing import Writing
from gentie.web.people import People

Secret = Annotated[str, msgspec.Meta(max_length=200)]
NOT_KEPT = {"cache-control": "no-store"}


class Exchange(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    code: Secret
    code_verifier: Secret
    """What the S256 challenge was made from."""


class Introduce(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    site: Secret
    token: Annotated[str, msgspec.Meta(max_length=4096)]
    """What the site's own server has signed for this user."""


class Handle(msgspec.Struct, frozen=True, kw_only=True):
    introduced: str
    """For `/account/connect`, from the page that asked and for minutes. It opens nothing."""
    expires_at: datetime


class Renewal(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    refresh: Secret


class Visitor(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    avatar: str


class Granted(msgspec.Struct, frozen=True, kw_only=True):
    """What a page holds in memory and nowhere else. In a frame the cookie holds it."""

    token: str | None
    """For the Authorization header, from this origin and for this site."""
    expires_at: datetime
    refresh: str | None
    """Gives the next token, once."""
    ends_at: datetime
    """After that the person comes by again."""
    site: str
    me: Visitor


class Visiting(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    avatar: str
    site: str
    expires_at: datetime
    ends_at: datetime


@post("/session/exchange", operation_id="ExchangeCode", status_code=200, tags=["session"])
async def exchange(
    data: JSONBody[Exchange], writing: NamedDependency[Writing], people: NamedDependency[People]
) -> Response[Granted]:
    """Exchange the one-time code of `/account/connect`, from the page that asked for it.

    400 `code-invalid`: wrong, used, late, or for another page; 401 `session-expired`.
    """
    await writing.count("visit")
    door, origin = _door_of(writing, people)
    opening = partial(
        exchange_code, code=data.code, verifier=data.code_verifier, origin=origin, door=door
    )
    opened = await writing.act(partial(opening, acting=ANYONE, now=writing.now))
    if opened is None:
        raise CodeInvalid
    return await _granted(opened, writing, people)


@post("/session/introduce", operation_id="IntroduceUser", status_code=200, tags=["session"])
async def introduce(
    data: JSONBody[Introduce], writing: NamedDependency[Writing], people: NamedDependency[People]
) -> Response[Handle]:
    """Say which of the site's own users is here, before the window is opened.

    The token alone opens nothing: the person goes on in a window of ours, in a session of their
    own. 400 `site-token-invalid`.
    """
    await writing.count("visit")
    site = SiteId(data.site)
    locked = await writing.read(partial(keys_of, site=site))
    keys = {kid: unlocked(one, key=people.site_key, site=site) for kid, one in locked.items()}
    audience, now = people.access.origin, writing.now
    user = read_user_token(data.token, keys, site=site, audience=audience, now=now)
    introduction = Introduction(
        site=site,
        origin=writing.request.headers.get("origin", ""),
        mark=mark_of(site, user.sub, key=people.site_key),
        name=user.name,
        ends_at=user.ends_at,
    )
    handle = new_secret()
    introducing = partial(introduce_user, introduction=introduction, handle=handle, jti=user.jti)
    await writing.act(partial(introducing, acting=ANYONE, now=now))
    return Response(Handle(introduced=handle, expires_at=user.ends_at), headers=NOT_KEPT)


@post("/session/renew", operation_id="RenewVisit", status_code=200, tags=["session"])
async def renew(
    data: JSONBody[Renewal], writing: NamedDependency[Writing], people: NamedDependency[People]
) -> Response[Granted]:
    """The next token. A renewal that comes twice ends the visit. 401 `session-expired`."""
    await writing.count("visit")
    origin = writing.request.headers.get("origin", "")
    renewing = partial(renew_visit, renewal=data.refresh, origin=origin)
    opened = await writing.act(partial(renewing, acting=ANYONE, now=writing.now))
    if opened is None:
        raise SessionExpired
    return await _granted(opened, writing, people)


@post("/session/end", operation_id="LeaveVisit", status_code=204, tags=["session"])
async def leave(
    writing: NamedDependency[Writing], people: NamedDependency[People]
) -> Response[None]:
    """Sign out on this page. The session with the service itself goes on."""
    writing.require_account()
    token = people.access.visit_token_of(writing.request)
    await writing.act(partial(leave_visit, token=token, acting=writing.acting, now=writing.now))
    gone = {"set-cookie": people.access.frame_cookie("", until=writing.now)}
    return Response(None, status_code=204, headers=gone if _in_frame(writing) else {})


@get("/session", operation_id="ReadVisit", tags=["session"])
async def visit(
    writing: NamedDependency[Writing], people: NamedDependency[People]
) -> Response[Visiting]:
    """Who is signed in on this page. 401 `not-signed-in`, `session-expired`."""
    writing.require_account()
    writing.acting.require("visit:self")
    visit_id, _ = read_token(people.access.visit_token_of(writing.request)) or ("", "")
    found = await writing.read(partial(queries.find_visit, visit=visit_id))
    if found is None:
        raise SessionExpired
    me = await writing.read(partial(_visitor, visit=found))
    view = Visiting(
        name=me.name,
        avatar=me.avatar,
        site=found.site,
        expires_at=found.access_until,
        ends_at=found.ends_at,
    )
    return Response(view, headers=NOT_KEPT)


def _in_frame(writing: Writing) -> bool:
    return bool(writing.request.headers.get(FRAME_HEADER))


def _door_of(writing: Writing, people: People) -> tuple[Door, str]:
    """A frame's requests come from our own origin; no other page can send its header."""
    named = writing.request.headers.get("origin", "")
    if not _in_frame(writing):
        return Door.PAGE, named
    return Door.FRAME, people.access.origin if people.access.is_from_here(writing.request) else ""


async def _granted(opened: Opened, writing: Writing, people: People) -> Response[Granted]:
    visit, framed = opened.visit, opened.visit.door is Door.FRAME
    granted = Granted(
        token=None if framed else opened.token,
        expires_at=visit.access_until,
        refresh=None if framed else opened.refresh,
        ends_at=visit.ends_at,
        site=visit.site,
        me=await writing.read(partial(_visitor, visit=visit)),
    )
    cookie = people.access.frame_cookie(opened.token, until=visit.ends_at)
    return Response(granted, headers={**NOT_KEPT, **({"set-cookie": cookie} if framed else {})})


def _visitor(tx: sa.Connection, visit: Visit) -> Visitor:
    poster = accounts.get_poster(tx, visit.account)
    return Visitor(name=poster.name, avatar=poster.avatar)


HANDLERS: list[Any] = [exchange, introduce, renew, leave, visit]
