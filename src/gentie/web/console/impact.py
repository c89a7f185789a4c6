"""Impact assessments, purpose by purpose, for who answers for them."""

from collections import defaultdict
from collections.abc import Mapping
from functools import partial
from typing import Any, Final

from litestar import get, post
from litestar.di import NamedDependency

from gentie.actions.oversight.assess_impact import Assessed, assess_impact
from gentie.kernel.refusal import Refusal
from gentie.pages.impact import load_purposes
from gentie.privacy.impact.model import ImpactUnfit, Result
from gentie.web.console.visit import Form, Page, Visit, go, moment_of

_HERE: Final = "/console/impact"


@get("/impact")
async def impact_page(visit: NamedDependency[Visit]) -> Page:
    """Every purpose: whether it needs an assessment, why, and how the newest one stands."""
    return await _show(visit)


@post("/impact")
async def assess(data: Form, visit: NamedDependency[Visit]) -> Page:
    visit.require_ours(data)
    return await visit.carry_out(
        lambda: partial(assess_impact, said=_said(data)),
        again=partial(_show, visit, said=data),
        then=go(_HERE),
    )


async def _show(
    visit: Visit, *, no: Refusal | None = None, said: Mapping[str, str] | None = None
) -> Page:
    visit.acting.require("impact:assess")
    purposes = await visit.read(partial(load_purposes, now=visit.now))
    return await visit.page(
        "impact.html",
        no=no,
        purposes=purposes,
        said=defaultdict(str, said or {}),
        blank=defaultdict(str),
    )


def _said(data: Mapping[str, str]) -> Assessed:
    """Raises ImpactUnfit: no result, or no day that can be read."""
    result = next((one for one in Result if one.value == data.get("result")), None)
    review_at = moment_of(data.get("review_at", ""))
    if result is None:
        raise ImpactUnfit(field="result")
    if review_at is None:
        raise ImpactUnfit(field="review_at")
    words = {name: data.get(name, "") for name in ("purpose", "need", "risk", "measures")}
    return Assessed(result=result, review_at=review_at, **words)


HANDLERS: list[Any] = [impact_page, assess]
