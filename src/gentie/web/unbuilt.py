"""Says why there is no widget in a checkout where nobody has built it."""

from typing import Any

from litestar import Request, Response, get

from gentie.web.errors import problem
from gentie.web.static import WIDGET

_NOT_BUILT = ("widget-not-built", "The widget has not been built here: run make run.")


@get(f"{WIDGET}{{name:path}}", opt={"open_to_all": True}, include_in_schema=False)
async def not_built(request: Request[Any, Any, Any]) -> Response[Any]:
    """Stands behind the files themselves, which are answered before the router."""
    return problem(request, 503, *_NOT_BUILT)


routes = [not_built]
