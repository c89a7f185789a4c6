"""Builders for sites. Each gives a valid value; a test names only what it is about."""

from datetime import UTC, datetime, timedelta

import msgspec

from gentie.kernel.chance import new_id
from gentie.kernel.ids import ActorId, SiteId, ThreadId
from gentie.sites.model import Mode, Site, Switch, SwitchKind, Thread, ThreadClass

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def a_site(**changes: object) -> Site:
    site = Site(
        id=SiteId("notebook"),
        name="Notebook",
        regime="neutral",
        test=False,
        lang="en",
        origins=("https://notebook.example",),
        token="",
    )
    return msgspec.structs.replace(site, **changes)


def a_thread(**changes: object) -> Thread:
    thread = Thread(
        id=ThreadId(new_id()),
        site=SiteId("notebook"),
        key="post-7",
        title="A walk",
        url="https://notebook.example/post-7",
        kind=ThreadClass.BLOG,
        mode=Mode.POST,
        owner="",
        declared=True,
    )
    return msgspec.structs.replace(thread, **changes)


def a_switch(**changes: object) -> Switch:
    switch = Switch(
        id=new_id(),
        site=SiteId("notebook"),
        thread=None,
        kind=SwitchKind.HOLD_ALL,
        reason="A wave of advertising",
        by_role="chief_editor",
        by=ActorId("staff:1"),
        since=NOON - timedelta(hours=1),
        until=NOON + timedelta(hours=1),
        lifted_at=None,
    )
    return msgspec.structs.replace(switch, **changes)
