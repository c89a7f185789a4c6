"""What the chief editor sets: class and mode of threads, and switches, each with a reason."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from gentie.actions.operations.classify_thread import classify_thread
from gentie.actions.operations.lift_switch import lift_switch
from gentie.actions.operations.set_switch import SwitchWanted, set_switch
from gentie.kernel.ids import SiteId, ThreadId
from gentie.kernel.refusal import Refusal
from gentie.pages.records import load_site, load_sites
from gentie.sites.model import Mode, NoSuchSwitch, NoSuchThread, SwitchKind, ThreadClass
from gentie.web.console.views import row_id
from gentie.web.console.visit import Form, Page, Visit, go

_PROPOSED = timedelta(hours=24)
_FIELDS = ("kind", "thread", "until", "reason")


@get("/sites")
async def sites_page(visit: NamedDependency[Visit]) -> Page:
    visit.acting.require("thread:switch")
    sites = await visit.read(partial(load_sites, acting=visit.acting))
    if len(sites) == 1:
        return go(f"/console/sites/{sites[0].id}")
    return await visit.page("sites.html", sites=sites)


@get("/sites/{site_id:str}")
async def site_page(site_id: FromPath[str], visit: NamedDependency[Visit]) -> Page:
    return await _show(visit, SiteId(site_id))


@post("/sites/{site_id:str}/class")
async def set_class(site_id: FromPath[str], data: Form, visit: NamedDependency[Visit]) -> Page:
    visit.require_ours(data)
    classifying = partial(
        classify_thread,
        thread=ThreadId(row_id(data.get("thread", ""), NoSuchThread)),
        kind=_named(ThreadClass, data.get("class", ""), ThreadClass.NEWS),
        mode=_named(Mode, data.get("mode", ""), Mode.PRE),
        reason=data.get("reason", ""),
    )
    return await visit.carry_out(
        lambda: classifying,
        again=partial(_show, visit, SiteId(site_id), said=data),
        then=go(f"/console/sites/{site_id}"),
    )


@post("/sites/{site_id:str}/switch")
async def switch_on(site_id: FromPath[str], data: Form, visit: NamedDependency[Visit]) -> Page:
    visit.require_ours(data)
    site = SiteId(site_id)
    return await visit.carry_out(
        lambda: partial(set_switch, wanted=_wanted(site, data, now=visit.now)),
        again=partial(_show, visit, site, said=data),
        then=go(f"/console/sites/{site_id}"),
    )


@post("/sites/{site_id:str}/lift")
async def switch_off(site_id: FromPath[str], data: Form, visit: NamedDependency[Visit]) -> Page:
    visit.require_ours(data)
    switch = row_id(data.get("switch", ""), NoSuchSwitch)
    return await visit.carry_out(
        lambda: partial(lift_switch, switch_id=switch),
        again=partial(_show, visit, SiteId(site_id)),
        then=go(f"/console/sites/{site_id}"),
    )


async def _show(
    visit: Visit, site: SiteId, *, no: Refusal | None = None, said: Mapping[str, str] | None = None
) -> Page:
    acting, now = visit.acting, visit.now
    found = await visit.read(partial(load_site, site=site, acting=acting, now=now))
    return await visit.page(
        "site.html",
        no=no,
        found=found,
        said={name: (said or {}).get(name, "") for name in _FIELDS},
        until=(now + _PROPOSED).strftime("%Y-%m-%dT%H:%M"),
        whole_site="site:switch" in acting.scopes,
    )


def _wanted(site: SiteId, data: Mapping[str, str], *, now: datetime) -> SwitchWanted:
    """Raises NoSuchThread: one is named that nobody made."""
    thread = data.get("thread", "")
    return SwitchWanted(
        site=site,
        thread=ThreadId(row_id(thread, NoSuchThread)) if thread else None,
        kind=_named(SwitchKind, data.get("kind", ""), SwitchKind.HOLD_ALL),
        reason=data.get("reason", ""),
        until=_until(data, now=now),
    )


def _until(data: Mapping[str, str], *, now: datetime) -> datetime:
    """The end as it was typed, in UTC. What is no time is the past, which the act refuses."""
    try:
        typed = datetime.fromisoformat(data.get("until", ""))
    except ValueError:
        return now
    return typed.replace(tzinfo=now.tzinfo) if typed.tzinfo is None else typed


def _named(kind: Any, text: str, default: Any) -> Any:
    return next((one for one in kind if one.value == text), default)


HANDLERS: list[Any] = [sites_page, site_page, set_class, switch_on, switch_off]
