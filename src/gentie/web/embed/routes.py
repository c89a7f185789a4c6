"""The comment API under one roof: a path may be read by one door and written by another."""

from litestar import Router
from litestar.di import Provide

from gentie.web.embed import (
    api,
    between,
    danmaku,
    grievances,
    history,
    live,
    personal,
    session,
    sites,
    threads,
    uploads,
)
from gentie.web.embed.writing import provide_writing

routes = [
    Router(
        "/api/v1",
        route_handlers=[
            *threads.HANDLERS,
            *api.HANDLERS,
            *grievances.HANDLERS,
            *personal.HANDLERS,
            *sites.HANDLERS,
            live.live,
            live.danmaku_live,
            *session.HANDLERS,
            *between.HANDLERS,
            *danmaku.HANDLERS,
            *history.HANDLERS,
            *uploads.HANDLERS,
        ],
        dependencies={
            "upload": Provide(uploads.provide_upload, sync_to_thread=False),
            "writing": Provide(provide_writing, sync_to_thread=False),
        },
        tags=["comments"],
    ),
]
