"""Measures on accounts: propose, agree, decline, confirm from outside, take back."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from litestar import Request, Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody

from gentie.actions.moderation.confirm_decision import confirm_decision
from gentie.actions.moderation.confirm_measure import confirm_measure
from gentie.actions.moderation.decline_measure import decline_measure
from gentie.actions.moderation.propose_measure import Proposed, Wanted, propose_measure
from gentie.actions.moderation.renew_bar import renew_bar
from gentie.actions.moderation.reverse_decision import reverse_decision
from gentie.catalogue import fulfils
from gentie.decisions.model import NoSuchDecision, Source
from gentie.kernel.actor import Actor
from gentie.kernel.clock import Clock
from gentie.kernel.ids import DecisionId, SiteId
from gentie.kernel.refusal import Refusal
from gentie.pages.measures import Measures, Preview, load_measures, load_preview
from gentie.standing.model import Measure, NoSuchProposal
from gentie.storage.db import Database
from gentie.web.console.views import MeasureRequest, Renewed, plain, row_id
from gentie.web.console.visit import Form, Page, Visit, go
from gentie.web.once import act_once

Asked = Request[Actor, Any, Any]
_HERE = "/console/measures"


@get("/measures")
async def measures_page(visit: NamedDependency[Visit]) -> Page:
    return await _show(visit, visit.asked("decision"))


@post("/measures/propose")
async def propose_form(data: Form, visit: NamedDependency[Visit]) -> Page:
    visit.require_ours(data)
    return await visit.carry_out(
        lambda: partial(propose_measure, wanted=_wanted(data)),
        again=partial(_show, visit, data.get("decision", ""), said=data.get("message", "")),
        then=go(_HERE),
    )


@post("/measures/answer")
async def answer_form(data: Form, visit: NamedDependency[Visit]) -> Page:
    """Agree to a proposal, or turn it down."""
    visit.require_ours(data)
    agreed = data.get("answer") == "yes"
    return await visit.carry_out(
        lambda: partial(
            confirm_measure if agreed else decline_measure,
            proposal_id=row_id(data.get("proposal", ""), NoSuchProposal),
        ),
        again=partial(_show, visit, ""),
        then=go(_HERE),
    )


@post("/measures/confirm")
async def confirm_form(data: Form, visit: NamedDependency[Visit]) -> Page:
    """Let stand what an only reviewer decided."""
    return await _on_decision(visit, data, confirm_decision)


@post("/measures/lift")
async def lift_form(data: Form, visit: NamedDependency[Visit]) -> Page:
    return await _on_decision(visit, data, partial(reverse_decision, source=Source.OWN))


@post("/measures/renew")
async def renew_form(data: Form, visit: NamedDependency[Visit]) -> Page:
    """Somebody looked: the person still may not come back."""
    return await _on_decision(visit, data, renew_bar)


async def _on_decision(visit: Visit, data: Mapping[str, str], act: Callable[..., object]) -> Page:
    visit.require_ours(data)
    return await visit.carry_out(
        lambda: partial(act, decision=_decision(data)),
        again=partial(_show, visit, ""),
        then=go(_HERE),
    )


async def _show(visit: Visit, given: str, *, no: Refusal | None = None, said: str = "") -> Page:
    """The lists, and above them what may follow from one decision."""
    preview = None
    if given:
        cause = DecisionId(row_id(given, NoSuchDecision))
        loading = partial(load_preview, decision=cause, acting=visit.acting, now=visit.now)
        preview = await visit.read(loading)
    listing = partial(load_measures, site=visit.site, acting=visit.acting, now=visit.now)
    found = await visit.read(listing)
    return await visit.page("measures.html", no=no, preview=preview, found=found, said=said)


def _wanted(data: Mapping[str, str]) -> Wanted:
    """Raises NoSuchDecision."""
    chosen = next((one for one in Measure if one.value == data.get("measure")), Measure.WARN)
    return Wanted(rests_on=_decision(data), measure=chosen, message=data.get("message", ""))


def _decision(data: Mapping[str, str]) -> DecisionId:
    """Raises NoSuchDecision."""
    return DecisionId(row_id(data.get("decision", ""), NoSuchDecision))


@get("/measures", operation_id="ListMeasures")
async def measures(
    acting: NamedDependency[Actor],
    db: NamedDependency[Database],
    clock: NamedDependency[Clock],
    site: FromQuery[str | None] = None,
) -> Response[Measures]:
    """What waits for a second person, and the measures taken, newest first."""
    here = SiteId(plain(site)) if site else None
    loading = partial(load_measures, site=here, acting=acting, now=clock())
    return Response(await db.read(loading), headers={"cache-control": "no-store"})


@get("/decisions/{decision:str}/measure", operation_id="PreviewMeasure")
async def preview(
    decision: FromPath[str],
    acting: NamedDependency[Actor],
    db: NamedDependency[Database],
    clock: NamedDependency[Clock],
) -> Response[Preview]:
    """What may follow from a decision on a comment, with its effect: milder is always allowed."""
    cause = DecisionId(row_id(decision, NoSuchDecision))
    loading = partial(load_preview, decision=cause, acting=acting, now=clock())
    return Response(await db.read(loading), headers={"cache-control": "no-store"})


@post("/decisions/{decision:str}/measure", operation_id="ProposeMeasure")
@fulfils("2017-8.a", "2022-7.b")
async def propose(
    decision: FromPath[str],
    data: JSONBody[MeasureRequest],
    request: Asked,
    acting: NamedDependency[Actor],
    db: NamedDependency[Database],
    clock: NamedDependency[Clock],
) -> Proposed:
    """Take a mild measure; propose a severe one, which a second person has to confirm.

    Answers 409 `too-severe` with the most that is allowed, `no-ladder`, `violation-not-upheld`,
    `too-late-for-measure`, `already-sanctioned`.
    """
    now = clock()
    cause = DecisionId(row_id(decision, NoSuchDecision))
    wanted = Wanted(rests_on=cause, measure=data.measure, message=data.message)
    proposing = partial(propose_measure, wanted=wanted, acting=acting, now=now)
    return await act_once(db, proposing, request=request, kind=Proposed, now=now)


@post("/measures/{proposal:str}/confirm", operation_id="ConfirmMeasure", status_code=200)
@fulfils("2017-9.1c", "2022-8.c")
async def confirm(
    proposal: FromPath[str],
    acting: NamedDependency[Actor],
    db: NamedDependency[Database],
    clock: NamedDependency[Clock],
) -> Proposed:
    """Agree to a colleague's proposal. Answers 403 `needs-second-person` for one's own."""
    which = row_id(proposal, NoSuchProposal)
    return await db.act(partial(confirm_measure, proposal_id=which, acting=acting, now=clock()))


@post("/measures/{proposal:str}/decline", operation_id="DeclineMeasure", status_code=204)
async def decline(
    proposal: FromPath[str],
    acting: NamedDependency[Actor],
    db: NamedDependency[Database],
    clock: NamedDependency[Clock],
) -> None:
    """Turn a proposal down."""
    which = row_id(proposal, NoSuchProposal)
    await db.act(partial(decline_measure, proposal_id=which, acting=acting, now=clock()))


@post("/decisions/{decision:str}/confirm", operation_id="ConfirmDecision", status_code=204)
async def confirm_lone(
    decision: FromPath[str],
    acting: NamedDependency[Actor],
    db: NamedDependency[Database],
    clock: NamedDependency[Clock],
) -> None:
    """Let stand what an only reviewer decided; without it that ends by itself."""
    which = DecisionId(row_id(decision, NoSuchDecision))
    await db.act(partial(confirm_decision, decision=which, acting=acting, now=clock()))


@post("/decisions/{decision:str}/renew", operation_id="RenewBar", status_code=200)
@fulfils("2017-9.1c", "2022-8.c")
async def renew(
    decision: FromPath[str],
    acting: NamedDependency[Actor],
    db: NamedDependency[Database],
    clock: NamedDependency[Clock],
) -> Renewed:
    """Look again at somebody who may not come back; without it the bar ends at its review."""
    which = DecisionId(row_id(decision, NoSuchDecision))
    made = await db.act(partial(renew_bar, decision=which, acting=acting, now=clock()))
    return Renewed(decision=made.decision, until=made.until, review_at=made.review_at)


HANDLERS: list[Any] = [
    measures_page,
    propose_form,
    answer_form,
    confirm_form,
    lift_form,
    renew_form,
]
_API: list[Any] = [measures, preview, propose, confirm, decline, confirm_lone, renew]
routes = [Router("/api/v1/moderation", route_handlers=_API, tags=["moderation"])]
