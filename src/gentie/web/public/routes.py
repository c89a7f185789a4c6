"""All public pages that are made for one reader."""

from litestar import Router
from litestar.di import Provide

from gentie.kernel.refusal import Refusal
from gentie.web.account.asking import provide_asking
from gentie.web.embed.writing import provide_writing
from gentie.web.public import (
    danmaku_html,
    figures,
    frame,
    grievance_pages,
    media,
    open_pages,
    privacy,
    thread_faults,
    writing_pages,
)
from gentie.web.public.showing import refused

routes = [
    Router(
        "/",
        route_handlers=[
            *writing_pages.HANDLERS,
            *grievance_pages.HANDLERS,
            *open_pages.HANDLERS,
            *figures.HANDLERS,
            *thread_faults.HANDLERS,
            *danmaku_html.HANDLERS,
            frame.frame,
            *privacy.HANDLERS,
        ],
        dependencies={
            "asking": Provide(provide_asking),
            "writing": Provide(provide_writing, sync_to_thread=False),
        },
        exception_handlers={Refusal: refused},
        include_in_schema=False,
    ),
    *media.HANDLERS,
    Router("/api/v1", route_handlers=[figures.read_figures], tags=["public log"]),
    Router(
        "/api/v1",
        route_handlers=[privacy.read_rules],
        dependencies={"asking": Provide(provide_asking)},
        tags=["privacy"],
    ),
]
