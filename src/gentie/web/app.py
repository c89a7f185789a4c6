"""The composition root of HTTP: everything is put together here and nowhere else.

A request passes `fastpath` (public pages, static files), `watching` (headers, log line, meters),
`origins` (who may do what from elsewhere) and then the router.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from litestar import Litestar, Request
from litestar.di import Provide
from litestar.middleware import (
    AbstractAuthenticationMiddleware,
    AuthenticationResult,
    DefineMiddleware,
)
from litestar.types import ControllerRouterHandler
from typing_extensions import override

from gentie.kernel.actor import Actor
from gentie.pages.cache import PageCache
from gentie.pages.model import PageSource
from gentie.web import describe, health, static, unbuilt
from gentie.web.bodies import StrictRequest
from gentie.web.embedding import embedding_in
from gentie.web.errors import HANDLERS
from gentie.web.fastpath import FastPath
from gentie.web.headers import security_headers
from gentie.web.origins import Origins
from gentie.web.services import GIVEN, Connection, Services, given, provided
from gentie.web.sources import Joined
from gentie.web.watching import Watching

LARGEST = 512 * 1024
"""Bytes of a request body. A text of 64 KiB escaped in JSON fits; uploads have their own."""


class Application:
    """The router with the layers in front of it. `cache` and `streams` hear of changes."""

    def __init__(self, services: Services, router: Litestar) -> None:
        headers = security_headers(services.base_url, media_url=services.media_url)
        guarded = Origins(
            self._route,
            base_url=services.base_url,
            listed=services.origins,
            serves=embedding_in(services.db),
        )
        watched = Watching(guarded, headers=headers, registry=services.registry)
        sources: tuple[PageSource, ...] = (static.StaticFiles(), *services.sources)
        self.services = services
        self.router = router
        self.cache = PageCache(Joined(sources), common=headers)
        self.streams = services.streams
        self.fast = FastPath(watched, self.cache)
        health.show_fast_path(self.fast, self.cache, services.registry)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            await _live(receive, send)
        else:
            await self.fast(scope, receive, send)

    async def _route(self, scope: Any, receive: Any, send: Any) -> None:
        scope[GIVEN] = self.services
        await self.router(scope, receive, send)


async def _live(receive: Any, send: Any) -> None:
    """What has a beginning and an end is opened around us, by `gentie.main`."""
    for moment in ("startup", "shutdown"):
        await receive()
        await send({"type": f"lifespan.{moment}.complete"})


class Authentication(AbstractAuthenticationMiddleware):
    """Who is asking, by the way of asking that the application was given."""

    @override
    async def authenticate_request(self, connection: Connection) -> AuthenticationResult:
        user = await given(connection.scope).authenticate(connection)
        return AuthenticationResult(user=user, auth=None)


def create_app(services: Services, routes: Sequence[ControllerRouterHandler] = ()) -> Application:
    """Build the application. Tests give it a fixed clock and a made-up `authenticate`."""
    return Application(services, _router(tuple(routes)))


@lru_cache(maxsize=32)
def _router(routes: tuple[ControllerRouterHandler, ...]) -> Litestar:
    """All routes, read and checked once. What they are given comes with each request."""
    return Litestar(
        route_handlers=[*health.routes, *unbuilt.routes, *describe.routes, *routes],
        dependencies={**provided(), "acting": Provide(_acting, sync_to_thread=False)},
        exception_handlers=HANDLERS,
        middleware=[DefineMiddleware(Authentication, exclude_from_auth_key="open_to_all")],
        logging_config=None,
        openapi_config=describe.CONFIG,
        plugins=[describe.EitherStruct()],
        request_class=StrictRequest,
        request_max_body_size=LARGEST,
    )


def _acting(request: Request[Actor, Any, Any]) -> Actor:
    return request.user
