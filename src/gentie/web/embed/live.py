"""Follow a thread: one stream of server-sent events, open until reader or service leaves."""

import asyncio
from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import partial
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Annotated, Any, Final

import sqlalchemy as sa
from litestar import Request, Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath, QueryParameter
from litestar.response.base import ASGIResponse
from litestar.types import Receive, Scope, Send
from typing_extensions import override

from gentie.kernel.chance import new_number_below
from gentie.kernel.ids import SiteId
from gentie.pages.keys import read_key
from gentie.pages.streams import Follower, Place, Push, Streams, framed
from gentie.sites.queries import find_thread, get_site
from gentie.storage.db import Database
from gentie.web.wire import PUSH

EVENTS: Final = "text/event-stream"
OPEN: dict[str, Any] = {"open_to_all": True}
HEARTBEAT: Final = 15.0
"""Seconds after which a silent stream says that it is there."""
STALLED: Final = 30.0
"""Seconds in which a reader has to take something in."""
BACK_AFTER: Final = 2000
"""Milliseconds that a reader waits before coming back; up to twice as many are added by chance."""
_HEADERS: Final = {
    "cache-control": "no-store, no-transform",
    "x-accel-buffering": "no",
}
_HERE: Final = framed("", "here", {})
Following = Callable[[Push | None], AbstractContextManager[Follower]]
Last = Annotated[str, QueryParameter(max_length=100)]


@get(
    "/sites/{site:str}/threads/{key:str}/live",
    media_type=EVENTS,
    operation_id="FollowThread",
    opt=OPEN,
)
async def live(
    site: FromPath[str],
    key: FromPath[str],
    db: NamedDependency[Database],
    streams: NamedDependency[Streams],
    request: Request[Any, Any, Any],
    last: Last = "",
) -> Response[None]:
    """Follow a thread by server-sent events: `new`, `changed`, `removed`, `counts`, `again`.

    Each tells how things stand now, with the `count` of public comments; `new` and `changed` carry
    the `comment` as pages do, `removed` its tombstone or null, `counts` the `votes` by comment.
    `again`: read the page again. `here` comes every 15 seconds, `bye` before the service ends the
    stream. With `Last-Event-ID`, or `last`, what was missed is told first. Names that you do not
    know may come: pass them over. 404 `no-such-site`, 503 `too-many-followers`,
    429 `too-many-from-here`, both with `Retry-After`.

    Over a video: `danmaku` brings `rows` as segments do, up to five in a quarter of a second, and
    `of`, how many lines came; `danmaku-removed` the `ids` of lines to take down; `danmaku-again`:
    read the manifest again.
    """
    return await _follow(request, db, streams, site, key, last)


@get(
    "/sites/{site:str}/threads/{key:str}/danmaku/live",
    media_type=EVENTS,
    include_in_schema=False,
    opt=OPEN,
)
async def danmaku_live(
    site: FromPath[str],
    key: FromPath[str],
    db: NamedDependency[Database],
    streams: NamedDependency[Streams],
    request: Request[Any, Any, Any],
    last: Last = "",
) -> Response[None]:
    """The same stream by the name of what it brings over a video."""
    return await _follow(request, db, streams, site, key, last)


async def _follow(
    request: Request[Any, Any, Any], db: Database, streams: Streams, site: str, key: str, last: str
) -> Response[None]:
    address = neighbourhood(request.client.host if request.client else "")
    streams.require_room(address)
    place = await db.read(partial(_place, site=SiteId(site), key=read_key(key)))
    seen = request.headers.get("last-event-id", "") or last

    def following(push: Push | None) -> AbstractContextManager[Follower]:
        return streams.following(place, address=address, last=seen, push=push)

    return _Live(following)


def _place(tx: sa.Connection, site: SiteId, key: str) -> Place:
    """A thread under its own key, by whichever it was asked for. Raises NoSuchSite."""
    get_site(tx, site)
    thread = find_thread(tx, site, key)
    return Place(site, key if thread is None else thread.key)


def neighbourhood(address: str) -> str:
    """What counts as one address: of version 6, the network that a household gets."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, IPv6Address):
        return str(ip_network((parsed, 64), strict=False))
    return address


class _Live(Response[None]):
    """Becomes the stream when the framework's own headers are known."""

    def __init__(self, following: Following) -> None:
        super().__init__(None, media_type=EVENTS, headers=_HEADERS)
        self._following = following

    @override
    def to_asgi_response(self, *args: Any, **given: Any) -> ASGIResponse:
        headers = {**(given.get("headers") or {}), **self.headers}
        return _Stream(self._following, headers=headers)


class _Stream(ASGIResponse):
    """Sends until somebody leaves. An open stream is two tasks that wait."""

    def __init__(self, following: Following, *, headers: dict[str, str]) -> None:
        super().__init__(headers=headers, media_type=EVENTS)
        self.headers.pop("content-length", None)
        self._following = following

    @override
    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        push: Any = scope.get(PUSH)
        with self._following(push) as follower:
            leaving = asyncio.create_task(_until_gone(receive, follower))
            try:
                await self.start_response(send)
                await _tell(follower, send)
                await _say(send, _retry() + framed("", "bye", {}), more=False)
            finally:
                leaving.cancel()


async def _tell(follower: Follower, send: Send) -> None:
    """Send what there is, and a sign of life when there is nothing, as long as it is read."""
    chunk = _retry() + framed(follower.mark, "here", {}) + follower.take()
    while not follower.over:
        if chunk and not await _is_taken_in(send, chunk):
            follower.end()
            return
        quiet = not await follower.wait(HEARTBEAT)
        chunk = follower.take() or (_HERE if quiet else b"")


async def _is_taken_in(send: Send, chunk: bytes) -> bool:
    """False: the reader is slow, or gone without a word. What it got last, it can resume from."""
    try:
        async with asyncio.timeout(STALLED):
            await _say(send, chunk, more=True)
    except TimeoutError:
        return False
    return True


async def _say(send: Send, chunk: bytes, *, more: bool) -> None:
    await send({"type": "http.response.body", "body": chunk, "more_body": more})


async def _until_gone(receive: Receive, follower: Follower) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    follower.end()


def _retry() -> bytes:
    """When to come back: not all at once."""
    return f"retry: {BACK_AFTER + new_number_below(2 * BACK_AFTER)}\n".encode()
