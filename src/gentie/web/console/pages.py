"""The console: every page behind one door, which only staff pass."""

from litestar import Router
from litestar.di import Provide

from gentie.kernel.refusal import Refusal
from gentie.web.console import (
    disclosures,
    impact,
    imports,
    leaks,
    measures,
    places,
    queue,
    records,
    rights,
)
from gentie.web.console.visit import provide_visit, refused, staff_only

routes = [
    Router(
        "/console",
        route_handlers=[
            *queue.HANDLERS,
            *records.HANDLERS,
            *measures.HANDLERS,
            *places.HANDLERS,
            *imports.HANDLERS,
            *disclosures.HANDLERS,
            *rights.HANDLERS,
            *leaks.HANDLERS,
            *impact.HANDLERS,
        ],
        before_request=staff_only,
        dependencies={"visit": Provide(provide_visit)},
        exception_handlers={Refusal: refused},
        include_in_schema=False,
    )
]
