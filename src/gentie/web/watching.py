"""Security headers on every answer of the router, one line in the log, one number in the meters.

The line names the route, never the path: paths hold secret links and the keys of pages.
"""

from typing import Any

import structlog
from litestar.types import ASGIApp, Receive, Send
from prometheus_client import CollectorRegistry, Counter, Histogram

from gentie.kernel.clock import elapsed
from gentie.pages.ready import Headers

_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
"""Anybody can make up others, and each would be a number to keep."""

_SURPLUS = "gentie.surplus"

log = structlog.get_logger()


def note_surplus(scope: Any, count: int) -> None:
    """Have fields counted that were sent and not asked for. Never their names: people make them."""
    scope[_SURPLUS] = count


class Watching:
    """ASGI layer. `headers` are those that an answer gets unless it brings its own."""

    def __init__(self, app: ASGIApp, *, headers: Headers, registry: CollectorRegistry) -> None:
        self._app = app
        self._headers = [(name.encode(), value.encode()) for name, value in headers]
        self._seconds = Histogram(
            "gentie_http_seconds",
            "Time of requests that reached the router.",
            ("route", "method", "status"),
            registry=registry,
        )
        self._surplus = Counter(
            "gentie_surplus_fields_total",
            "Fields that were sent and not asked for: refused, and kept nowhere.",
            ("route",),
            registry=registry,
        )

    async def __call__(self, scope: Any, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began, status = elapsed(), 500

        async def note(message: Any) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message = {**message, "headers": self._with_ours(message["headers"])}
            await send(message)

        try:
            await self._app(scope, receive, note)
        finally:
            self._record(scope, status, elapsed() - began)

    def _with_ours(self, given: Any) -> list[tuple[bytes, bytes]]:
        headers = list(given)
        names = {name.lower() for name, _ in headers}
        return headers + [header for header in self._headers if header[0] not in names]

    def _record(self, scope: Any, status: int, seconds: float) -> None:
        route = scope.get("path_template") or "none"
        method = scope["method"] if scope["method"] in _METHODS else "none"
        self._seconds.labels(route, method, str(status)).observe(seconds)
        if surplus := scope.get(_SURPLUS, 0):
            self._surplus.labels(route).inc(surplus)
        ms = round(seconds * 1000, 1)
        log.info("request", route=route, method=method, status=status, ms=ms)
