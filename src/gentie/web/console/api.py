"""The moderation API: the queue, decisions, switches. Each act asks for its scope itself."""

from functools import partial
from typing import Any

from litestar import Request, Response, Router, delete, get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody

from gentie.actions.moderation.claim_item import Claimed, claim_item
from gentie.actions.moderation.decide_item import Decided, Opinion, Outcome, decide_item
from gentie.actions.moderation.release_item import release_item
from gentie.actions.moderation.remove_comment import Removal, Removed, remove_comment
from gentie.actions.moderation.reverse_decision import reverse_decision
from gentie.actions.moderation.reversing import Reversed
from gentie.actions.moderation.undo_refusal import undo_refusal
from gentie.actions.operations.change_regime import change_regime
from gentie.actions.operations.classify_thread import classify_thread
from gentie.actions.operations.lift_switch import lift_switch
from gentie.actions.operations.set_switch import SwitchWanted, set_switch
from gentie.catalogue import fulfils
from gentie.decisions.model import Measure, NoSuchDecision, Source
from gentie.kernel.actor import Actor
from gentie.kernel.clock import Clock
from gentie.kernel.ids import CommentRef, DecisionId, SiteId, ThreadId
from gentie.pages.desk import Queue, load_queue
from gentie.pages.house import House, load_house
from gentie.review.model import AuthorNotVerified, NoSuchItem
from gentie.sites.model import NoSuchSwitch, NoSuchThread, Switch
from gentie.storage.db import Database
from gentie.web.console.views import (
    ClassRequest,
    DecideRequest,
    RegimeRequest,
    RemoveRequest,
    ReverseRequest,
    SwitchRequest,
    SwitchView,
    ThreadClassView,
    plain,
    row_id,
)
from gentie.web.once import act_once

Asked = Request[Actor, Any, Any]


@get("/queue", operation_id="ListQueue")
async def queue(
    acting: NamedDependency[Actor],
    db: NamedDependency[Database],
    clock: NamedDependency[Clock],
    site: FromQuery[str | None] = None,
) -> Response[Queue]:
    """What waits, oldest first: fifty items at most. Without `site`: of all your sites."""
    here = SiteId(plain(site)) if site else None
    load = partial(load_queue, site=here, acting=acting, now=clock())
    return Response(await db.read(load), headers={"cache-control": "no-store"})


@post("/items/{item:str}/claim", operation_id="ClaimItem", status_code=200)
@fulfils("2017-5.5a")
async def claim(
    item: FromPath[str],
    acting: NamedDependency[Actor],
    db: NamedDependency[Database],
    clock: NamedDependency[Clock],
) -> Claimed:
    """Lease an item for five minutes; again, for five more.

    Answers 409 `item-taken` while a colleague has it, and `item-decided` with the `role` and
    `measure` of the colleague who was first.
    """
    item_id = row_id(item, NoSuchItem)
    return await db.act(partial(claim_item, item_id=item_id, acting=acting, now=clock()))


@post("/items/{item:str}/release", operation_id="ReleaseItem", status_code=204)
async def release(
    item: FromPath[str],
    acting: NamedDependency[Actor],
    db: NamedDependency[Database],
    clock: NamedDependency[Clock],
) -> None:
    """Give an item back to the queue."""
    item_id = row_id(item, NoSuchItem)
    await db.act(partial(release_item, item_id=item_id, acting=acting, now=clock()))


@post("/items/{item:str}/decide", operation_id="DecideItem", status_code=200)
@fulfils("2017-5.5a", "2022-4.4b")
async def decide(
    item: FromPath[str],
    data: JSONBody[DecideRequest],
    acting: NamedDependency[Actor],
    db: NamedDependency[Database],
    clock: NamedDependency[Clock],
) -> Decided:
    """Publish at once, or refuse with class, facts and message; a refusal waits ten seconds.

    Answers 409 `author-not-verified` where the author may not publish any more (`reason` is the
    code of the gate): the item waits on and the author has been told. 409 `item-changed`,
    `item-taken`, `item-decided`, `not-your-item`; 422 `needs-reason`, `no-such-class`.
    """
    opinion = Opinion(
        measure=Measure(data.measure),
        version=data.version,
        class_id=data.class_id,
        clause=data.clause,
        facts=data.facts,
        message=data.message,
    )
    item_id = row_id(item, NoSuchItem)
    deciding = partial(decide_item, item_id=item_id, opinion=opinion, acting=acting, now=clock())
    decided = await db.act(deciding)
    require_published(decided)
    return decided


def require_published(decided: Decided) -> None:
    """Asked after the commit: that the author was told stands all the same.

    Raises:
        AuthorNotVerified: with the code of the gate as `reason`.
    """
    if decided.outcome is Outcome.BLOCKED:
        raise AuthorNotVerified(reason=decided.code)


@post("/items/{item:str}/undo", operation_id="UndoRefusal", status_code=200)
async def undo(
    item: FromPath[str],
    acting: NamedDependency[Actor],
    db: NamedDependency[Database],
    clock: NamedDependency[Clock],
) -> Claimed:
    """Take a refusal back within its ten seconds. Later: 409 `too-late-to-undo`."""
    item_id = row_id(item, NoSuchItem)
    return await db.act(partial(undo_refusal, item_id=item_id, acting=acting, now=clock()))


@post("/comments/{ref:str}/remove", operation_id="RemoveComment")
@fulfils("2017-5.5d", "2017-7.1a")
async def remove(
    ref: FromPath[str],
    data: JSONBody[RemoveRequest],
    request: Asked,
    acting: NamedDependency[Actor],
    db: NamedDependency[Database],
    clock: NamedDependency[Clock],
) -> Removed:
    """Remove what is public, at once. A tombstone stands in its place."""
    removal = Removal(
        class_id=data.class_id,
        facts=data.facts,
        message=data.message,
        source=Source(data.source),
    )
    now = clock()
    where = CommentRef.parse(ref)
    removing = partial(remove_comment, ref=where, removal=removal, acting=acting, now=now)
    return await act_once(db, removing, request=request, kind=Removed, now=now)


@post("/decisions/{decision:str}/reverse", operation_id="ReverseDecision")
@fulfils("2017-7.1a", "2017-8.c")
async def reverse(
    decision: FromPath[str],
    data: JSONBody[ReverseRequest],
    request: Asked,
    acting: NamedDependency[Actor],
    db: NamedDependency[Database],
    clock: NamedDependency[Clock],
) -> Reversed:
    """Reverse your own decision; with `review:reverse` anybody's. Logged, and the author told."""
    now = clock()
    which = DecisionId(row_id(decision, NoSuchDecision))
    source = Source(data.source)
    reversing = partial(reverse_decision, decision=which, source=source, acting=acting, now=now)
    return await act_once(db, reversing, request=request, kind=Reversed, now=now)


@post("/switches", operation_id="SetSwitch")
@fulfils("2017-7.1a")
async def switch_on(
    data: JSONBody[SwitchRequest],
    request: Asked,
    acting: NamedDependency[Actor],
    db: NamedDependency[Database],
    clock: NamedDependency[Clock],
) -> SwitchView:
    """Hold everything, or make a site or a thread read-only, until a time, for a public reason."""
    wanted = SwitchWanted(
        site=SiteId(data.site),
        thread=ThreadId(row_id(data.thread, NoSuchThread)) if data.thread is not None else None,
        kind=data.kind,
        reason=data.reason,
        until=data.until,
    )
    now = clock()
    setting = partial(set_switch, wanted=wanted, acting=acting, now=now)
    made = await act_once(db, setting, request=request, kind=Switch, now=now)
    return SwitchView.of(made)


@delete("/switches/{switch:str}", operation_id="LiftSwitch", status_code=204)
async def switch_off(
    switch: FromPath[str],
    acting: NamedDependency[Actor],
    db: NamedDependency[Database],
    clock: NamedDependency[Clock],
) -> None:
    """End a switch before its time."""
    switch_id = row_id(switch, NoSuchSwitch)
    await db.act(partial(lift_switch, switch_id=switch_id, acting=acting, now=clock()))


@put("/threads/{thread:str}/class", operation_id="ClassifyThread")
@fulfils("2017-5.3")
async def classify(
    thread: FromPath[str],
    data: JSONBody[ClassRequest],
    acting: NamedDependency[Actor],
    db: NamedDependency[Database],
    clock: NamedDependency[Clock],
) -> ThreadClassView:
    """Set a thread's class and mode against what its site declared, with a reason."""
    which = ThreadId(row_id(thread, NoSuchThread))
    setting = partial(classify_thread, thread=which, kind=data.class_id, mode=data.mode)
    now = clock()
    found = await db.act(partial(setting, reason=data.reason, acting=acting, now=now))
    return ThreadClassView.of(found)


@put("/sites/{site:str}/regime", operation_id="ChangeRegime", tags=["sites"])
@fulfils("2017-2.1")
async def set_regime(
    site: FromPath[str],
    data: JSONBody[RegimeRequest],
    acting: NamedDependency[Actor],
    db: NamedDependency[Database],
    clock: NamedDependency[Clock],
) -> House:
    """Put a site under another regime from now on. What stands keeps the stamp of its time.

    Answers the rules now in force. 422 `no-such-regime`; 409 `regime-not-allowed`: a text not in
    force is for test sites.
    """
    where, now = SiteId(plain(site)), clock()
    changing = partial(change_regime, site=where, regime_id=data.regime, acting=acting, now=now)
    await db.act(changing)
    return await db.read(partial(load_house, site=where, now=now))


_HANDLERS: list[Any] = [
    queue,
    claim,
    release,
    decide,
    undo,
    remove,
    reverse,
    switch_on,
    switch_off,
    classify,
    set_regime,
]
routes = [Router("/api/v1/moderation", route_handlers=_HANDLERS, tags=["moderation"])]
