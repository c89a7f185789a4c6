"""Imported batches: each is published or refused by one decision."""

from functools import partial
from typing import Any

from litestar import get, post
from litestar.di import NamedDependency

from gentie.actions.posting.approve_import import approve_import
from gentie.actions.posting.refuse_import import refuse_import
from gentie.comments.model import NoSuchBatch
from gentie.kernel.refusal import Refusal
from gentie.pages.imports import load_imports
from gentie.web.console.views import row_id
from gentie.web.console.visit import Form, Page, Visit, go


@get("/imports")
async def imports_page(visit: NamedDependency[Visit]) -> Page:
    return await _show(visit)


@post("/imports/approve")
async def approve(data: Form, visit: NamedDependency[Visit]) -> Page:
    visit.require_ours(data)
    try:
        batch = row_id(data.get("batch", ""), NoSuchBatch)
        approving = partial(approve_import, batch_id=batch, acting=visit.acting, now=visit.now)
        await visit.act(approving)
    except Refusal as no:
        return await _show(visit, no=no)
    return go("/console/imports")


@post("/imports/refuse")
async def refuse(data: Form, visit: NamedDependency[Visit]) -> Page:
    visit.require_ours(data)
    try:
        batch = row_id(data.get("batch", ""), NoSuchBatch)
        refusing = partial(refuse_import, batch_id=batch, reason=data.get("reason", ""))
        await visit.act(partial(refusing, acting=visit.acting, now=visit.now))
    except Refusal as no:
        return await _show(visit, no=no)
    return go("/console/imports")


async def _show(visit: Visit, *, no: Refusal | None = None) -> Page:
    found = await visit.read(partial(load_imports, acting=visit.acting))
    return await visit.page("imports.html", no=no, found=found)


HANDLERS: list[Any] = [imports_page, approve, refuse]
