"""Rows of sites as model values."""

from typing import Any

import msgspec
import sqlalchemy as sa

from gentie.kernel.ids import ActorId, SiteId, ThreadId
from gentie.sites.model import Mode, Site, Switch, SwitchKind, Thread, ThreadClass


def site_of(row: sa.Row[Any]) -> Site:
    return msgspec.convert(row, Site, from_attributes=True)


def thread_of(row: sa.Row[Any]) -> Thread:
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


def switch_of(row: sa.Row[Any]) -> Switch:
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
