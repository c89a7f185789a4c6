"""The processing rules: what is kept of whom, for what, for how long, and what changed."""

from functools import partial
from typing import Annotated, Any

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import QueryParameter

from gentie.catalogue import fulfils
from gentie.pages.privacy import load_rules_page
from gentie.privacy import queries
from gentie.privacy.model import Rules
from gentie.web.account.asking import Asking
from gentie.web.public.showing import Page, show

Number = Annotated[int | None, QueryParameter(ge=1, le=1 << 31)]


@get("/privacy")
@fulfils("2017-5.2b", "2017-5.2c", "2022-4.2b")
async def privacy_page(asking: NamedDependency[Asking], version: Number = None) -> Page:
    """One version of the rules, the newest by default, and how it differs from the one before."""
    page = await asking.read(partial(load_rules_page, number=version))
    if page is None:
        raise NotFoundException
    deleted = await asking.read(partial(queries.deletions_of, most=20))
    return show(asking, "privacy.html", page=page, deleted=deleted)


@get("/privacy/rules", operation_id="ReadProcessingRules")
async def read_rules(asking: NamedDependency[Asking]) -> Response[list[Rules]]:
    """Every version of the processing rules that was ever in force here, newest first."""
    found = await asking.read(queries.versions)
    return Response(found, headers={"cache-control": "no-store"})


HANDLERS: list[Any] = [privacy_page]
