"""Hold everything, or make a site or thread read-only: with reason, end and public banner."""

from datetime import datetime

import msgspec
import sqlalchemy as sa

from gentie.actions.operations.switching import log_switch
from gentie.actions.place import site_changed
from gentie.catalogue import fulfils
from gentie.kernel.actor import Actor
from gentie.kernel.chance import new_id, new_salt
from gentie.kernel.ids import SiteId, ThreadId
from gentie.sites import queries, rules, store
from gentie.sites.model import NoSuchThread, Switch, SwitchKind


class SwitchWanted(msgspec.Struct, frozen=True, kw_only=True):
    site: SiteId
    thread: ThreadId | None
    kind: SwitchKind
    reason: str
    until: datetime


@fulfils("2017-7.1a")
def set_switch(tx: sa.Connection, wanted: SwitchWanted, *, acting: Actor, now: datetime) -> Switch:
    """Switch something on until it ends by itself or is lifted.

    Raises:
        MayNot, NoSuchSite, NoSuchThread, SwitchNeedsTerm: nothing was changed.
    """
    acting.require("thread:switch", site=wanted.site)
    if wanted.thread is None:
        acting.require("site:switch", site=wanted.site)
    queries.get_site(tx, wanted.site)
    if wanted.thread and queries.get_thread(tx, wanted.thread).site != wanted.site:
        raise NoSuchThread
    rules.require_term(wanted.reason, wanted.until, now=now)
    switch = Switch(
        id=new_id(),
        site=wanted.site,
        thread=wanted.thread,
        kind=wanted.kind,
        reason=wanted.reason.strip(),
        by_role=acting.role,
        by=acting.id,
        since=now,
        until=wanted.until,
        lifted_at=None,
    )
    salt = new_salt()
    leaf = log_switch(tx, switch, "on", salt=salt, acting=acting, now=now)
    store.add_switch(tx, switch, salt=salt, leaf=leaf)
    site_changed(tx, switch.site, due=now)
    site_changed(tx, switch.site, due=switch.until)
    return switch
