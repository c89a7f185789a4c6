"""The queue as three panes. Every action is a plain form; scripts only press its buttons."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from litestar import get, post
from litestar.di import NamedDependency

from gentie.actions.moderation.claim_item import claim_item
from gentie.actions.moderation.decide_item import Opinion, decide_item
from gentie.actions.moderation.release_item import release_item
from gentie.actions.moderation.reverse_decision import reverse_decision
from gentie.actions.moderation.undo_refusal import undo_refusal
from gentie.catalogue.regimes import ContentClass
from gentie.decisions.model import Measure, NoSuchDecision, Source
from gentie.kernel.ids import DecisionId, is_row_id
from gentie.kernel.refusal import Refusal
from gentie.pages.desk import Desk, load_done, load_item, load_queue, quote_for_facts
from gentie.pages.records import load_sites
from gentie.review.model import ItemDecided, ItemTaken, NoSuchItem
from gentie.web.console.api import require_published
from gentie.web.console.shown import Shown, Where, shown_of
from gentie.web.console.views import row_id
from gentie.web.console.visit import Form, Page, Visit, go
from gentie.web.console.words import (
    by_tier,
    clock_of,
    legal_title,
    moment_of,
    propose_facts,
    propose_refusal,
    time_since,
    typed,
)

_FRONTS = {
    "review:claim": "/console/queue",
    "disclosure:ask": "/console/disclosures",
    "disclosure:approve": "/console/disclosures",
    "rights:answer": "/console/rights",
}
"""Where the work of somebody begins, by the first of these that they may do."""


@get("/")
async def front(visit: NamedDependency[Visit]) -> Page:
    may = (place for scope, place in _FRONTS.items() if scope in visit.acting.scopes)
    return go(next(may, "/account/me"))


@get("/queue")
async def queue_page(visit: NamedDependency[Visit]) -> Page:
    where = Where.of({name: visit.asked(name) for name in ("site", "upto", "done")})
    return await _show(visit, where, item=visit.asked("item"))


@post("/claim")
async def claim(data: Form, visit: NamedDependency[Visit]) -> Page:
    """Open an item and give back the one that was open."""
    visit.require_ours(data)
    where = Where.of(data)
    item = row_id(data.get("item", ""), NoSuchItem)
    await _leave(visit, data.get("leaving", ""))
    try:
        await visit.act(partial(claim_item, item_id=item, acting=visit.acting, now=visit.now))
    except (ItemTaken, ItemDecided):
        return where.go(item)  # the page says who is on it, or who was first
    return where.go(item)


@post("/next")
async def claim_next(data: Form, visit: NamedDependency[Visit]) -> Page:
    """Give back what is open, and open the next that nobody works on."""
    visit.require_ours(data)
    leaving = data.get("leaving", "")
    await _leave(visit, leaving)
    return await _go_on(visit, Where.of(data), after=leaving)


@post("/pause")
async def pause(data: Form, visit: NamedDependency[Visit]) -> Page:
    """Give back what is open, and open nothing."""
    visit.require_ours(data)
    await _leave(visit, data.get("leaving", ""))
    return go("/console/queue", site=data.get("site", ""), paused="yes")


@post("/decide")
async def decide(data: Form, visit: NamedDependency[Visit]) -> Page:
    """Publish or refuse what is open; the next one opens by itself."""
    visit.require_ours(data)
    where, item = Where.of(data), row_id(data.get("item", ""), NoSuchItem)
    opinion = _opinion(data)
    deciding = partial(decide_item, item_id=item, opinion=opinion, acting=visit.acting)
    try:
        require_published(await visit.act(partial(deciding, now=visit.now)))
    except Refusal as no:
        return await _show(visit, where, item=item, no=no, said=data)
    return await _go_on(visit, where.after(item), after=item)


@post("/undo")
async def undo(data: Form, visit: NamedDependency[Visit]) -> Page:
    """Take a refusal back while it waits: the item is open again."""
    visit.require_ours(data)
    where, item = Where.of(data), row_id(data.get("item", ""), NoSuchItem)
    await _leave(visit, data.get("leaving", ""))
    return await visit.carry_out(
        lambda: partial(undo_refusal, item_id=item),
        again=partial(_show, visit, where, item=""),
        then=where.go(item),
    )


@post("/recall")
async def recall(data: Form, visit: NamedDependency[Visit]) -> Page:
    """Take a publication back: a logged reversal; the contribution waits anew."""
    visit.require_ours(data)
    where = Where.of(data)
    decision = DecisionId(row_id(data.get("decision", ""), NoSuchDecision))
    leaving = data.get("leaving", "")
    return await visit.carry_out(
        lambda: partial(reverse_decision, decision=decision, source=Source.OWN),
        again=partial(_show, visit, where, item=leaving),
        then=where.go(leaving, recalled="yes"),
    )


async def _leave(visit: Visit, item: str) -> None:
    """Give an item back, if it is one's own. Whatever else it is by now is fine too."""
    if not is_row_id(item):
        return
    try:
        await visit.act(partial(release_item, item_id=item, acting=visit.acting, now=visit.now))
    except Refusal:
        return


async def _go_on(visit: Visit, where: Where, *, after: str) -> Page:
    """Open the next item that is free; beyond those on the list only when it is used up."""
    for scope in (where, where.wider()):
        shown = await _listed(visit, scope)
        for row in shown.free_after(after):
            claiming = partial(claim_item, item_id=row.id, acting=visit.acting, now=visit.now)
            try:
                await visit.act(claiming)
            except (ItemTaken, ItemDecided):
                continue  # a colleague was quicker
            return scope.go(row.id)
    return where.wider().go("")


async def _listed(visit: Visit, where: Where) -> Shown:
    load = partial(load_queue, site=where.site, acting=visit.acting, now=visit.now)
    return shown_of(await visit.read(load), where)


async def _show(
    visit: Visit,
    where: Where,
    *,
    item: str,
    no: Refusal | None = None,
    said: Mapping[str, str] | None = None,
) -> Page:
    """The three panes. `said` is what was typed already, after a "no"."""
    acting, now, lang = visit.acting, visit.now, visit.lang
    shown = await _listed(visit, where)
    desk = None
    if item:
        wanted = row_id(item, NoSuchItem)
        loading = partial(load_item, item_id=wanted, media_key=visit.media_key)
        desk = await visit.read(partial(loading, acting=acting, now=now))
    done = None
    if where.done:
        ended = row_id(where.done, NoSuchItem)
        done = await visit.read(partial(load_done, item_id=ended, acting=acting, now=now))
    told = desk.site.lang if desk else lang
    rule = _rule(desk, said) if desk else None
    facts = propose_facts(quote_for_facts(desk), told) if desk else ""
    return await visit.page(
        "queue.html",
        no=no,
        shown=shown,
        where=where,
        desk=desk,
        done=done,
        rule=rule,
        facts=facts,
        said=typed(said, facts, propose_refusal(rule, told)) if rule else typed(said),
        paused=bool(visit.asked("paused")),
        recalled=bool(visit.asked("recalled")),
        sites=await visit.read(partial(load_sites, acting=acting)),
        by_tier=by_tier,
        clock=lambda since: clock_of(now - since),
        moment_of=moment_of,
        ago=lambda moment: time_since(moment, now, lang),
        legal=lambda one: legal_title(one, lang),
        propose=lambda one: propose_refusal(one, told),
    )


def _rule(desk: Desk, said: Mapping[str, str] | None) -> ContentClass | None:
    """The ground that was chosen, before that the suggested one. None: nothing was chosen."""
    if said is None:
        return desk.suggested
    return next((one for one in desk.regime.classes if one.id == said.get("class")), None)


def _opinion(data: Mapping[str, str]) -> Opinion:
    version = data.get("version", "")
    return Opinion(
        measure=Measure.PUBLISH if data.get("measure") == "publish" else Measure.REFUSE,
        version=int(version) if is_row_id(version) else 0,
        class_id=data.get("class", ""),
        facts=data.get("facts", ""),
        message=data.get("message", ""),
    )


HANDLERS: list[Any] = [front, queue_page, claim, claim_next, pause, decide, undo, recall]
