"""Public pages, answered before the router: ready bytes, the same for everybody.

It looks at neither cookies nor authorization: a cookie of the parent domain would otherwise make
every read a miss, and what depends on the person is never served from here.
"""

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from litestar.types import ASGIApp, Receive, Scope, Send

from gentie.kernel.refusal import Refusal
from gentie.pages.cache import PageCache
from gentie.pages.ready import Answer, Ready

_EMPTY: Any = {"type": "http.response.body", "body": b""}


class FastPath:
    """ASGI layer in front of the router. Counts what it answers, for the operator."""

    def __init__(self, app: ASGIApp, cache: PageCache) -> None:
        self._app, self._cache = app, cache
        self._key_of = lru_cache(maxsize=8192)(cache.key_of)
        self.found = self.unchanged = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        ready = await self._ready_for(scope)
        if ready is None:
            await self._app(scope, receive, send)
        else:
            await self._answer(ready, scope, send)

    async def _ready_for(self, scope: Any) -> Ready | None:
        """The page. None: it is the router's, also when it has to say that there is none."""
        if scope["type"] != "http" or scope["method"] not in ("GET", "HEAD"):
            return None
        key = self._key_of(scope["path"], scope["query_string"])
        if key is None:
            return None
        try:
            return self._cache.find(key) or await self._cache.get(key)
        except (Refusal, sa.exc.DBAPIError):  # the router runs into it again, and can say so
            return None

    def find(self, path: str, query: bytes) -> Ready | None:
        """The page, when it is in memory. None: ask the application."""
        key = self._key_of(path, query)
        return None if key is None else self._cache.find(key)

    def choose(self, ready: Ready, headers: Iterable[tuple[bytes, bytes]]) -> tuple[Answer, bool]:
        """The encoding that a request with these headers gets, and whether it has it already."""
        accepts = known = b""
        for name, value in headers:
            if name == b"accept-encoding":
                accepts = accepts + b"," + value if accepts else value
            elif name == b"if-none-match":
                known = known + b"," + value if known else value
        answer = _choose(ready, accepts)
        unchanged = bool(known) and _is_known(answer, known)
        if unchanged:
            self.unchanged += 1
        else:
            self.found += 1
        return answer, unchanged

    async def _answer(self, ready: Ready, scope: Any, send: Any) -> None:
        answer, unchanged = self.choose(ready, scope["headers"])
        await send(answer.unchanged if unchanged else answer.found)
        await send(_EMPTY if unchanged or scope["method"] == "HEAD" else answer.body)


def _choose(ready: Ready, accepts: bytes) -> Answer:
    for encoding in wanted(accepts):
        if encoding in ready.answers:
            return ready.answers[encoding]
    return ready.answers[""]


@lru_cache(maxsize=1024)
def wanted(accepts: bytes) -> tuple[str, ...]:
    """Encodings that an Accept-Encoding header asks for, best first; ours first among equals."""
    weights = dict(_weighted(item) for item in accepts.decode("latin-1").lower().split(","))
    anything = weights.get("*", 0.0)
    offered = {name: weights.get(name, anything) for name in ("br", "gzip")}
    offered[""] = weights.get("identity", 0.0)
    liked = [name for name, weight in offered.items() if weight > 0]
    return tuple(sorted(liked, key=lambda name: -offered[name]))


def _weighted(item: str) -> tuple[str, float]:
    name, _, parameter = item.partition(";")
    key, _, value = parameter.strip().partition("=")
    if key.strip() != "q":
        return name.strip(), 1.0
    try:
        return name.strip(), float(value)
    except ValueError:
        return name.strip(), 0.0


def _is_known(answer: Answer, known: bytes) -> bool:
    """If-None-Match by weak comparison: one tag, a list, or anything at all."""
    if known == answer.etag:
        return True
    tags = [tag.strip().removeprefix(b"W/") for tag in known.split(b",")]
    return answer.etag in tags or tags == [b"*"]
