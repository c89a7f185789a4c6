"""The bytes of pictures, audio and video, to whoever may have them at this moment.

Every request asks the database, and nobody keeps an answer for longer than a minute: what is
removed is gone everywhere within one. The originals are not served at all.
"""

import re
from collections.abc import AsyncIterator
from functools import partial
from typing import Any, Final

from litestar import Request, Response, route
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Stream

from gentie.kernel.clock import Clock
from gentie.media.adapters.objects import PUBLIC
from gentie.media.links import Way, way_of
from gentie.media.model import NoSuchMedia, Variant
from gentie.pages.media import find_bytes
from gentie.storage.db import Database
from gentie.web.attaching import Attaching
from gentie.web.embedding import is_host

Asked = Request[Any, Any, Any]
SHARED: Final = "public, max-age=60"
_OPEN: Final[dict[str, Any]] = {"open_to_all": True}
_RANGE: Final = re.compile(r"bytes=(\d{1,15})-(\d{0,15})\Z")
_ALWAYS: Final = {
    "content-security-policy": "sandbox; default-src 'none'",
    "x-content-type-options": "nosniff",
    "cross-origin-resource-policy": "cross-origin",
    "access-control-allow-origin": "*",
    "accept-ranges": "bytes",
}


@route(
    "/media/{attachment:str}/{name:str}",
    http_method=["GET", "HEAD"],
    opt=_OPEN,
    include_in_schema=False,
)
async def read(
    request: Asked,
    attachment: FromPath[str],
    name: FromPath[str],
    db: NamedDependency[Database],
    clock: NamedDependency[Clock],
    attaching: NamedDependency[Attaching | None],
    media_url: NamedDependency[str],
) -> Response[Any]:
    """One form of an attachment. 404 `no-such-media`, 410 `media-gone` with the tombstone."""
    if attaching is None:
        raise NoSuchMedia
    if elsewhere := _elsewhere(request, media_url):
        return Redirect(elsewhere, status_code=307, headers={"cache-control": SHARED})
    way = _way(request, attachment, name, attaching, clock)
    finding = partial(find_bytes, attachment=attachment, name=name, way=way, now=clock())
    form, public = await db.read(finding)
    return _answer(request, form, _headers(attachment, form, public=public), attaching)


def _way(request: Asked, attachment: str, name: str, attaching: Attaching, clock: Clock) -> Way:
    asked = {one: request.query_params.get(one, "") for one in ("way", "until", "mark")}
    return way_of(attaching.key, attachment, name, **asked, now=clock())


def _elsewhere(request: Asked, media_url: str) -> str:
    """Media have a host of their own, where nothing else of a person is. Empty: this is it."""
    if not media_url or is_host(media_url, request.headers.get("host", "")):
        return ""
    query = f"?{request.url.query}" if request.url.query else ""
    return f"{media_url}{request.url.path}{query}"


def _headers(attachment: str, form: Variant, *, public: bool) -> dict[str, str]:
    ending = form.content_type.rpartition("/")[2]
    return {
        **_ALWAYS,
        "cache-control": SHARED if public else "private, no-store",
        "content-disposition": f'inline; filename="{attachment}-{form.name}.{ending}"',
        "etag": f'"{form.sha256}"',
    }


def _answer(
    request: Asked, form: Variant, headers: dict[str, str], attaching: Attaching
) -> Response[Any]:
    if headers["etag"] in request.headers.get("if-none-match", ""):
        return Response(None, status_code=304, headers=headers)
    asked = _RANGE.match(request.headers.get("range", ""))
    if asked is None:
        start, end, status = 0, form.size, 200
    else:
        start, end, status = _part(asked, form.size)
        headers = {**headers, "content-range": f"bytes {start}-{end - 1}/{form.size}"}
    if status == 416:  # noqa: PLR2004 nothing of it is there
        gone = {**headers, "content-range": f"bytes */{form.size}"}
        return Response(None, status_code=416, headers=gone)
    headers = {**headers, "content-length": str(end - start)}
    if request.method == "HEAD":
        return Response(b"", headers=headers, media_type=form.content_type)
    pieces = _pieces(attaching, form, start, end)
    return Stream(pieces, status_code=status, headers=headers, media_type=form.content_type)


def _part(asked: re.Match[str], size: int) -> tuple[int, int, int]:
    """From which byte, up to which, and with which status."""
    start = int(asked[1])
    end = min(int(asked[2]) + 1, size) if asked[2] else size
    return (start, end, 206) if start < end else (0, 0, 416)


def _pieces(attaching: Attaching, form: Variant, start: int, end: int) -> AsyncIterator[bytes]:
    whole = start == 0 and end == form.size
    return attaching.objects.read(PUBLIC, form.sha256, start=start, end=None if whole else end)


HANDLERS: list[Any] = [read]
