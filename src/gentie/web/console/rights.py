"""Requests about personal data, legal holds and proofs of deletion, for who answers for them."""

from collections.abc import Mapping
from functools import partial
from typing import Any, Final

from litestar import get, post
from litestar.di import NamedDependency

from gentie.actions.oversight.answer_right import answer_right
from gentie.actions.oversight.end_hold import end_hold
from gentie.actions.oversight.hold_data import HoldWanted, hold_data
from gentie.kernel.ids import AccountId
from gentie.kernel.refusal import Refusal
from gentie.privacy import queries
from gentie.privacy.model import HoldUnfit, RequestState
from gentie.web.console.visit import Form, Page, Visit, go, moment_of

_HERE: Final = "/console/rights"
_FIELDS: Final = ("account", "why", "basis", "until", "bar_until")


@get("/rights")
async def rights_page(visit: NamedDependency[Visit]) -> Page:
    """What waits, the one due first on top, overdue ones marked."""
    return await _show(visit)


@post("/rights/answer")
async def answer(data: Form, visit: NamedDependency[Visit]) -> Page:
    visit.require_ours(data)
    state = next((one for one in RequestState if one.value == data.get("state")), None)
    answering = partial(
        answer_right,
        number=data.get("number", ""),
        state=state or RequestState.RECEIVED,
        answer=data.get("answer", "")[:5000],
    )
    return await visit.carry_out(lambda: answering, again=partial(_show, visit), then=go(_HERE))


@post("/rights/hold")
async def hold(data: Form, visit: NamedDependency[Visit]) -> Page:
    visit.require_ours(data)
    return await visit.carry_out(
        lambda: partial(hold_data, wanted=_wanted(data)),
        again=partial(_show, visit, said=data),
        then=go(_HERE),
    )


@post("/rights/hold/end")
async def end(data: Form, visit: NamedDependency[Visit]) -> Page:
    visit.require_ours(data)
    ending = partial(end_hold, number=data.get("number", ""))
    return await visit.carry_out(lambda: ending, again=partial(_show, visit), then=go(_HERE))


async def _show(
    visit: Visit, *, no: Refusal | None = None, said: Mapping[str, str] | None = None
) -> Page:
    visit.acting.require("rights:answer")
    return await visit.page(
        "rights.html",
        no=no,
        waiting=await visit.read(queries.waiting),
        answered=await visit.read(queries.answered),
        holds=await visit.read(partial(queries.standing_holds, now=visit.now)),
        deleted=await visit.read(queries.deletions_of),
        said={name: (said or {}).get(name, "") for name in _FIELDS},
    )


def _wanted(data: Mapping[str, str]) -> HoldWanted:
    """Raises HoldUnfit: no end, or none that can be read."""
    until = moment_of(data.get("until", ""))
    if until is None:
        raise HoldUnfit
    return HoldWanted(
        account=AccountId(data.get("account", "").strip()),
        why=data.get("why", "")[:300],
        basis=data.get("basis", "")[:300],
        until=until,
        bar_until=moment_of(data.get("bar_until", "")),
    )


HANDLERS: list[Any] = [rights_page, answer, hold, end]
