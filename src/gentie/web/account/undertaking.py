"""The undertaking given anew after a measure: a page without script, and the same as JSON."""

from functools import partial

import msgspec
from litestar import Router, get, post
from litestar.di import NamedDependency, Provide

from gentie.actions.identity.affirm_undertaking import affirm_undertaking
from gentie.kernel.refusal import Refusal
from gentie.standing.model import UNDERTAKING_PATH
from gentie.standing.queries import sanctions_of
from gentie.web.account.asking import Asking, provide_asking
from gentie.web.account.returning import safe_path
from gentie.web.account.showing import (
    Form,
    Page,
    go,
    next_of,
    refused_page,
    require_ours,
    show,
    to_sign_in,
)


class Affirmed(msgspec.Struct, kw_only=True):
    measures: int
    """After how many measures it was still to be given."""


@get("/")
async def undertaking_page(asking: NamedDependency[Asking]) -> Page:
    """What is promised, after which measures, and that it is no word on whether they were right."""
    if not asking.is_commenter:
        return to_sign_in(asking)
    taken = await asking.read(partial(sanctions_of, account=asking.acting.account))
    due = {one.decision: one for one in taken if one.affirmed_at is None and one.lifted_at is None}
    return show(asking, "undertaking.html", due=[*due.values()], next=next_of(asking))


@post("/")
async def affirm_here(data: Form, asking: NamedDependency[Asking]) -> Page:
    if not asking.is_commenter:
        return to_sign_in(asking)
    require_ours(asking, data)
    await asking.act(partial(affirm_undertaking, acting=asking.acting, now=asking.now))
    return go(safe_path(data.get("next", "")))


@post("/", operation_id="AffirmUndertaking", status_code=200)
async def affirm(asking: NamedDependency[Asking]) -> Affirmed:
    """Promise anew to keep to the agreement, after a measure. Posting asks for it once for each.

    No word on whether the measure was right: it can be appealed as before.
    """
    affirming = partial(affirm_undertaking, acting=asking.acting, now=asking.now)
    return Affirmed(measures=await asking.act(affirming))


_ASKING = {"asking": Provide(provide_asking)}
routes = [
    Router(
        UNDERTAKING_PATH,
        route_handlers=[undertaking_page, affirm_here],
        dependencies=_ASKING,
        exception_handlers={Refusal: refused_page},
        include_in_schema=False,
    ),
    Router(
        "/api/v1/account/undertaking",
        route_handlers=[affirm],
        dependencies=_ASKING,
        tags=["account"],
    ),
]
