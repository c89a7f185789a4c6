"""All public pages that are made for one reader."""

from typing import Any

from litestar import Request, Router
from litestar.di import Provide

from gentie.kernel.refusal import Refusal
from gentie.web.account.asking import provide_asking
from gentie.web.embed.writing import provide_writing
from gentie.web.public import grievance_pages, open_pages, thread_faults, writing_pages
from gentie.web.public.open_pages import Figures
from gentie.web.public.showing import refused


def figures_of(request: Request[Any, Any, Any]) -> Figures:
    """One for the application: what it has counted stays counted."""
    state = request.app.state
    if "figures" not in state:
        state["figures"] = Figures()
    figures: Figures = state["figures"]
    return figures


routes = [
    Router(
        "/",
        route_handlers=[
            *writing_pages.HANDLERS,
            *grievance_pages.HANDLERS,
            *open_pages.HANDLERS,
            *thread_faults.HANDLERS,
        ],
        dependencies={
            "asking": Provide(provide_asking),
            "writing": Provide(provide_writing, sync_to_thread=False),
            "figures": Provide(figures_of, sync_to_thread=False),
        },
        exception_handlers={Refusal: refused},
        include_in_schema=False,
    )
]
