"""Which origins may do what (CORS, and the first wall against forged requests).

Reading is open to everybody, without credentials. Changing things is for our own pages, for the
origins that the operator lists, and on one site for the origins that this site lists; any other
is turned away before it reaches a handler.
"""

from typing import Any

from litestar import Request, Response
from litestar.types import ASGIApp, Receive, Send

from gentie.web.embedding import Serves, is_host, origin_of
from gentie.web.errors import problem

READING = frozenset({"GET", "HEAD"})
_HEADERS = (
    "authorization, content-type, idempotency-key, last-event-id, tus-resumable, upload-checksum, "
    "upload-length, upload-metadata, upload-offset"
)
_EXPOSED = (
    "etag, location, retry-after, tus-resumable, upload-expires, upload-length, upload-offset"
)
_REMEMBERED = "600"
_ALLOWS = b"access-control-allow-origin"
"""Named twice, browsers refuse the answer; handlers name it for what caches share."""
Headers = tuple[tuple[str, str], ...]
FOREIGN = ("foreign-origin", "Pages of this origin may not do this.")


class Origins:
    """ASGI layer. `listed` are origins such as "https://news.example"."""

    def __init__(
        self, app: ASGIApp, *, base_url: str, listed: frozenset[str], serves: Serves
    ) -> None:
        self._app, self._serves = app, serves
        self._ours = listed | {origin_of(base_url)}

    async def __call__(self, scope: Any, receive: Receive, send: Send) -> None:
        origin = _header(scope, b"origin") if scope["type"] == "http" else ""
        if not origin:
            await self._app(scope, receive, send)
        elif scope["method"] in READING:
            await self._app(scope, receive, _sending(send, _allowed("*")))
        elif wanted := _preflight_for(scope):
            await self._preflight(wanted, origin, scope, receive, send)
        elif is_host(origin, _header(scope, b"host")) or await self._may(origin, scope):
            await self._app(scope, receive, _sending(send, _allowed(origin)))
        else:
            await _answer(problem(_request(scope), 403, *FOREIGN), scope, receive, send)

    async def _may(self, origin: str, scope: Any) -> bool:
        return origin in self._ours or await self._serves(scope["path"], origin)

    async def _preflight(
        self, method: str, origin: str, scope: Any, receive: Receive, send: Send
    ) -> None:
        """What a browser asks before it sends something of another origin."""
        plain = "authorization" not in _header(scope, b"access-control-request-headers").lower()
        may = await self._may(origin, scope)
        if may or (method in READING and plain):
            headers = {
                **dict(_allowed(origin if may else "*")),
                "access-control-allow-methods": method,
                "access-control-allow-headers": _HEADERS,
                "access-control-max-age": _REMEMBERED,
            }
            await _answer(Response(None, status_code=204, headers=headers), scope, receive, send)
        else:
            await _answer(problem(_request(scope), 403, *FOREIGN), scope, receive, send)


def _allowed(origin: str) -> Headers:
    """Never with credentials: cookies are for our own pages."""
    return (
        ("access-control-allow-origin", origin),
        ("access-control-expose-headers", _EXPOSED),
        ("vary", "origin"),
    )


def _preflight_for(scope: Any) -> str:
    is_options = scope["method"] == "OPTIONS"
    return _header(scope, b"access-control-request-method") if is_options else ""


def _sending(send: Send, headers: Headers) -> Send:
    raw = [(name.encode(), value.encode("latin-1")) for name, value in headers]

    async def with_headers(message: Any) -> None:
        if message["type"] == "http.response.start":
            given = [one for one in message["headers"] if one[0].lower() != _ALLOWS]
            message = {**message, "headers": [*given, *raw]}
        await send(message)

    return with_headers


def _header(scope: Any, name: bytes) -> str:
    found = [value.decode("latin-1") for key, value in scope["headers"] if key == name]
    return found[0] if found else ""


def _request(scope: Any) -> Request[Any, Any, Any]:
    return Request(scope)


async def _answer(response: Response[Any], scope: Any, receive: Receive, send: Send) -> None:
    # Outside the application's own handlers there is no request of its class yet.
    asgi = response.to_asgi_response(app=None, request=_request(scope))
    await asgi(scope, receive, send)
