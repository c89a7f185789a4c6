"""Whom I keep away, who may reply to me, protection, and what I saved: pages without script."""

from datetime import timedelta
from functools import partial
from typing import Any, Final

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from gentie.actions.posting.count_attempt import count_attempt
from gentie.actions.posting.drop_evidence import drop_evidence
from gentie.actions.posting.let_back import let_back
from gentie.actions.posting.lift_protection import lift_protection
from gentie.actions.posting.limit_all_replies import limit_all_replies
from gentie.actions.posting.protect_account import protect_account
from gentie.boundaries.model import Replies
from gentie.boundaries.queries import evidence_body
from gentie.kernel.ids import AccountId
from gentie.pages.boundaries import load_all, load_bundle
from gentie.screening.rates import Rate
from gentie.web.account.asking import Asking
from gentie.web.account.showing import Form, Page, go, require_ours, show, to_sign_in

HERE: Final = "/account/people"
_TERMS: Final = {"1": timedelta(hours=1), "24": timedelta(hours=24)}
_PROTECTIONS: Final = 6
"""In an hour: each saves a bundle."""


@get("/people")
async def people_page(asking: NamedDependency[Asking]) -> Page:
    if not asking.is_commenter:
        return to_sign_in(asking)
    found = await asking.read(partial(load_all, acting=asking.acting, now=asking.now))
    return show(asking, "people.html", found=found, choices=list(Replies))


@post("/people/back")
async def back(data: Form, asking: NamedDependency[Asking]) -> Page:
    if not asking.is_commenter:
        return to_sign_in(asking)
    require_ours(asking, data)
    letting = partial(let_back, person=AccountId(data.get("person", "")))
    await asking.act(partial(letting, acting=asking.acting, now=asking.now))
    return go(HERE)


@post("/people/replies")
async def replies(data: Form, asking: NamedDependency[Asking]) -> Page:
    if not asking.is_commenter:
        return to_sign_in(asking)
    require_ours(asking, data)
    if data.get("from") in list(Replies):
        limiting = partial(limit_all_replies, replies=Replies(data["from"]))
        await asking.act(partial(limiting, acting=asking.acting, now=asking.now))
    return go(HERE)


@post("/people/protection")
async def protection(data: Form, asking: NamedDependency[Asking]) -> Page:
    """For an hour or a day; without a term, off."""
    if not asking.is_commenter:
        return to_sign_in(asking)
    require_ours(asking, data)
    term = _TERMS.get(data.get("hours", ""))
    if term is None:
        await asking.act(partial(lift_protection, acting=asking.acting, now=asking.now))
        return go(HERE)
    rate = Rate(f"protect:account:{asking.acting.id}", timedelta(hours=1), _PROTECTIONS)
    await asking.act(partial(count_attempt, attempted=[rate], acting=asking.acting, now=asking.now))
    bundle = await asking.read(partial(load_bundle, acting=asking.acting, now=asking.now))
    protecting = partial(protect_account, bundle=bundle, term=term)
    await asking.act(partial(protecting, acting=asking.acting, now=asking.now))
    return go(HERE)


@get("/evidence/{evidence:str}")
async def evidence(evidence: FromPath[str], asking: NamedDependency[Asking]) -> Response[Any]:
    if not asking.is_commenter:
        return to_sign_in(asking)
    load = partial(evidence_body, account=asking.acting.account, evidence_id=evidence)
    body = await asking.read(load)
    name = f'attachment; filename="evidence-{evidence}.json"'
    return Response(
        body,
        media_type="application/json",
        headers={"cache-control": "no-store", "content-disposition": name},
    )


@post("/evidence")
async def drop(data: Form, asking: NamedDependency[Asking]) -> Page:
    if not asking.is_commenter:
        return to_sign_in(asking)
    require_ours(asking, data)
    dropping = partial(drop_evidence, evidence=data.get("evidence", ""))
    await asking.act(partial(dropping, acting=asking.acting, now=asking.now))
    return go(HERE)


HANDLERS: list[Any] = [people_page, back, replies, protection, evidence, drop]
