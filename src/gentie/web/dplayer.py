"""DPlayer's own protocol (v3), for the unmodified player. Its `id` is `site:key`.

The player puts text into a page as HTML, so text and author are escaped here, and only here. Who
sends is known by the token alone: the `author` of a request is not read.
"""

from dataclasses import replace
from functools import partial
from html import escape
from typing import Annotated, Any

import msgspec
import sqlalchemy as sa
from litestar import Request, Response, Router, get, post
from litestar.di import NamedDependency, Provide
from litestar.exceptions import NotAuthorizedException
from litestar.params import JSONBody, QueryParameter

from gentie.actions.posting.submit_comment import Submission, submit_comment
from gentie.danmaku import queries, rules
from gentie.danmaku.model import WHITE, Mode, Wanted
from gentie.kernel.ids import SiteId
from gentie.kernel.refusal import Refusal
from gentie.kernel.texts import in_lang
from gentie.pages.danmaku import Line, thread_of, with_words
from gentie.sites.model import BadThreadKey, NoSuchSite, NoSuchThread
from gentie.sites.rules import require_thread_key
from gentie.storage.db import Database
from gentie.web.embed.writing import Writing, provide_writing
from gentie.web.errors import CODES
from gentie.web.reader import lang_for
from gentie.web.services import Services

MOST = 5000
"""Lines that the player is given. Where there are more, a hash of their ids chooses."""
_TYPES = {Mode.SCROLL: 0, Mode.TOP: 1, Mode.BOTTOM: 2}
_MODES = {number: mode for mode, number in _TYPES.items()}
Asked = Request[Any, Any, Any]
_REMEMBERED = frozenset({"_headers", "_cookies", "state"})
"""What the framework has read of a request already."""
Id = Annotated[str, QueryParameter(name="id", max_length=600)]
Most = Annotated[int, QueryParameter(name="max", ge=1)]
Seconds = Annotated[float, msgspec.Meta(ge=0, lt=rules.LONGEST_MS / 1000)]


class Sent(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the player posts."""

    id: str
    text: str
    token: str = ""
    author: str | None = None
    """Not read: the token says who sends."""
    time: Seconds = 0
    color: Annotated[int, msgspec.Meta(ge=0, le=WHITE)] = WHITE
    type: Annotated[int, msgspec.Meta(ge=0, le=2)] = 0


class Told(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    code: int
    """0: taken, which may mean that a person looks at it first."""
    msg: str = ""
    data: tuple[tuple[float, int, int, str, str], ...] = ()


@get("/", opt={"open_to_all": True})
async def read(
    db: NamedDependency[Database], video: Id = "", most: Most = 1000
) -> Response[dict[str, Any]]:
    """`data`: each `[seconds, type, colour, author, text]`, in order of time."""
    try:
        lines = await db.read(partial(_load, video=video, most=min(most, MOST)))
    except (NoSuchSite, NoSuchThread, BadThreadKey):
        lines = []
    rows = [
        [one.t_ms / 1000, _TYPES[one.mode], one.colour, escape(one.author), escape(one.text)]
        for one in lines
    ]
    return Response({"code": 0, "data": rows}, headers={"cache-control": "public, max-age=1"})


@post("/", status_code=200)
async def send(
    request: Asked,
    data: JSONBody[Sent],
    writing: NamedDependency[Writing],
    services: NamedDependency[Services],
) -> Told:
    """Send a line. `msg` says why not, in the reader's language."""
    try:
        await _send(data, await _by_token(data.token, writing, services))
    except Refusal as no:
        return Told(code=1, msg=in_lang(no.says, lang_for(request)))
    except NotAuthorizedException:
        return Told(code=1, msg=in_lang(CODES[401][1], lang_for(request)))
    return Told(code=0)


async def _by_token(token: str, writing: Writing, services: Services) -> Writing:
    """The same request as if the token were in its header, and nothing else said who asks.

    Raises:
        SessionExpired, MayNot, NotAuthorizedException.
    """
    scope = writing.request.scope
    others = [one for one in scope["headers"] if one[0] not in (b"authorization", b"cookie")]
    bearer = (b"authorization", f"Bearer {token}".encode())
    asked: Any = {name: value for name, value in scope.items() if name not in _REMEMBERED}
    asked["headers"] = [*others, bearer] if token else others
    asked["user"] = await services.authenticate(Request(asked))
    sender = replace(writing, request=Request(asked))
    sender.require_account()
    return sender


async def _send(data: Sent, writing: Writing) -> None:
    site, key = _video(data.id)
    draft, counting = await writing.attempt("danmaku", data.text)
    wanted = Wanted(
        t_ms=round(data.time * 1000),
        mode=_MODES[data.type],
        colour=rules.nearest_colour(data.color),
    )
    submission = Submission(
        site=site, key=key, draft=draft, danmaku=wanted, network=writing.origin()
    )
    await writing.act(
        partial(submit_comment, submission=submission, acting=writing.acting, now=writing.now),
        after=counting,
    )


def _load(tx: sa.Connection, video: str, most: int) -> list[Line]:
    thread = thread_of(tx, *_video(video))
    placed = queries.between(tx, thread, 0, rules.LONGEST_MS)
    drawn = rules.drawn([one.id for one in placed], f"{thread}/dplayer", most=most)
    return with_words(tx, thread, [one for one in placed if one.id in drawn])


def _video(named: str) -> tuple[SiteId, str]:
    """Raises BadThreadKey."""
    site, _, key = named.partition(":")
    require_thread_key(key)
    return SiteId(site), key


routes = [
    Router(
        "/dplayer/v3",
        route_handlers=[read, send],
        dependencies={"writing": Provide(provide_writing, sync_to_thread=False)},
        include_in_schema=False,
    )
]
