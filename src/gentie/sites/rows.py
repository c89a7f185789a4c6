"""Rows of sites as model values."""

from typing import Any

from gentie.kernel.ids import ActorId, SiteId, ThreadId
from gentie.sites.model import Mode, Site, Switch, SwitchKind, Thread, ThreadClass


def site_of(row: Any) -> Site:
    return Site(
        id=SiteId(row.id),
        name=row.name,
        regime=row.regime,
        test=row.test,
        lang=row.lang,
        origins=tuple(row.origins),
        token=row.token,
    )


def thread_of(row: Any) -> Thread:
    return Thread(
        id=ThreadId(row.thread_id),
        site=SiteId(row.site_id),
        key=row.key,
        title=row.title,
        url=row.url,
        kind=ThreadClass(row.kind),
        mode=Mode(row.mode),
        owner=row.owner,
        declared=row.declared,
    )


def switch_of(row: Any) -> Switch:
    return Switch(
        id=row.id,
        site=SiteId(row.site_id),
        thread=None if row.thread is None else ThreadId(row.thread),
        kind=SwitchKind(row.kind),
        reason=row.reason,
        by_role=row.by_role,
        by=ActorId(row.by),
        since=row.since,
        until=row.until,
        lifted_at=row.lifted_at,
    )
