"""Imported batches: each is published or refused by one decision."""

from collections.abc import Mapping
from functools import partial
from typing import Any, Final

from litestar import get, post
from litestar.di import NamedDependency

from gentie.actions.posting.approve_import import approve_import
from gentie.actions.posting.refuse_import import refuse_import
from gentie.comments.model import NoSuchBatch
from gentie.kernel.refusal import Refusal
from gentie.pages.imports import load_imports
from gentie.web.console.views import row_id
from gentie.web.console.visit import Form, Page, Visit, go

_HERE: Final = "/console/imports"


@get("/imports")
async def imports_page(visit: NamedDependency[Visit]) -> Page:
    return await _show(visit)


@post("/imports/approve")
async def approve(data: Form, visit: NamedDependency[Visit]) -> Page:
    visit.require_ours(data)
    return await visit.carry_out(
        lambda: partial(approve_import, batch_id=_batch(data)),
        again=partial(_show, visit),
        then=go(_HERE),
    )


@post("/imports/refuse")
async def refuse(data: Form, visit: NamedDependency[Visit]) -> Page:
    visit.require_ours(data)
    return await visit.carry_out(
        lambda: partial(refuse_import, batch_id=_batch(data), reason=data.get("reason", "")),
        again=partial(_show, visit),
        then=go(_HERE),
    )


async def _show(visit: Visit, *, no: Refusal | None = None) -> Page:
    found = await visit.read(partial(load_imports, acting=visit.acting))
    return await visit.page("imports.html", no=no, found=found)


def _batch(data: Mapping[str, str]) -> str:
    """Raises NoSuchBatch."""
    return row_id(data.get("batch", ""), NoSuchBatch)


HANDLERS: list[Any] = [imports_page, approve, refuse]
