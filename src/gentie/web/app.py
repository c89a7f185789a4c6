"""The composition root of HTTP: everything is put together here and nowhere else.

A request passes `fastpath` (public pages, static files), `watching` (headers, log line, meters),
`origins` (who may do what from elsewhere) and then the router.
"""

from collections.abc import Sequence
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
from gentie.web.services import Connection, Services
from gentie.web.sources import Joined
from gentie.web.watching import Watching

LARGEST = 512 * 1024
"""Bytes of a request body. A text of 64 KiB escaped in JSON fits; uploads have their own."""


class Application(Litestar):
    """The router with the layers in front of it. `cache` and `streams` hear of changes."""

    def __init__(self, services: Services, **options: Any) -> None:
        super().__init__(**options)
        headers = security_headers(services.base_url)
        guarded = Origins(
            super().__call__,
            base_url=services.base_url,
            listed=services.origins,
            serves=embedding_in(services.db),
        )
        watched = Watching(guarded, headers=headers, registry=services.registry)
        sources: tuple[PageSource, ...] = (static.StaticFiles(), *services.sources)
        self.cache = PageCache(Joined(sources), common=headers)
        self.streams = services.streams
        self.fast = FastPath(watched, self.cache)
        health.show_fast_path(self.fast, self.cache, services.registry)

    @override
    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        await self.fast(scope, receive, send)


def create_app(services: Services, routes: Sequence[ControllerRouterHandler] = ()) -> Application:
    """Build the application. Tests give it a fixed clock and a made-up `authenticate`."""

    class Authentication(AbstractAuthenticationMiddleware):
        @override
        async def authenticate_request(self, connection: Connection) -> AuthenticationResult:
            return AuthenticationResult(user=await services.authenticate(connection), auth=None)

    return Application(
        services,
        route_handlers=[*health.routes, *unbuilt.routes, *describe.routes, *routes],
        dependencies={
            **services.provided(),
            "acting": Provide(_acting, sync_to_thread=False),
        },
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
