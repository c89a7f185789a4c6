"""How often what stands in the public log, so that anybody can recount it: a page, and data."""

from typing import Any

from litestar import Request, Response, get
from litestar.di import NamedDependency

from gentie.pages.broadcasts import load_broadcasts
from gentie.pages.figures import Figures, Transparency
from gentie.storage.db import Database
from gentie.web.account.asking import Asking
from gentie.web.log_words import kinds_in, measures_in
from gentie.web.public.showing import show
from gentie.web.reader import lang_for, prefers_data

A_MOMENT = {"cache-control": "public, max-age=5", "access-control-allow-origin": "*"}


@get("/transparency", operation_id="ReadTransparency", opt={"open_to_all": True})
async def read_figures(
    db: NamedDependency[Database], figures: NamedDependency[Figures]
) -> Response[Transparency]:
    """How many decisions of each kind stand in the public log, to be recounted from it."""
    return Response(await _load(db, figures), headers=A_MOMENT)


@get("/transparency")
async def page(
    request: Request[Any, Any, Any],
    asking: NamedDependency[Asking],
    figures: NamedDependency[Figures],
) -> Response[Any]:
    """The same for readers; who asks for JSON gets the data."""
    told = await _load(asking.db, figures)
    if prefers_data(request):
        return Response(told, headers={**A_MOMENT, "vary": "accept"})
    lang = lang_for(request)
    shown = show(
        asking,
        "transparency.html",
        figures=told,
        kinds=kinds_in(lang),
        measures=measures_in(lang),
    )
    shown.headers["vary"] = "accept"
    return shown


@get("/transparency.json", opt={"open_to_all": True})
async def data(
    db: NamedDependency[Database], figures: NamedDependency[Figures]
) -> Response[Transparency]:
    return Response(await _load(db, figures), headers=A_MOMENT)


async def _load(db: Database, figures: Figures) -> Transparency:
    """What was counted before stays counted."""
    while await db.read(figures.read_on):
        pass
    return figures.view(await db.read(load_broadcasts))


HANDLERS: list[Any] = [page, data]
