"""Where an act happens: site, thread, regime and the switches that stand. Loaded once an act."""

import enum
from datetime import datetime

import msgspec
import sqlalchemy as sa

from gentie.catalogue.regimes import Regime, get_regime
from gentie.kernel.ids import CommentId, SiteId, ThreadId
from gentie.sites import queries, rules, store
from gentie.sites.model import NoSuchThread, Site, Switch, Thread
from gentie.storage.outbox import send_on_commit

PAGE_CHANGED = "page.changed"
SITE_CHANGED = "site.changed"


class Change(enum.StrEnum):
    """What happened to a page. Who reads it looks how things stand by then."""

    NEW = "new"
    """A comment is public for the first time."""
    CHANGED = "changed"
    """A comment, or what stands in its place, is another than before."""
    COUNTED = "counted"
    """Only its votes."""
    WHOLE = "whole"
    """Not one comment: many of them, or the thread itself."""


class Place(msgspec.Struct, frozen=True, kw_only=True):
    site: Site
    thread: Thread
    regime: Regime
    switches: tuple[Switch, ...]


def find_place(tx: sa.Connection, site: SiteId, key: str, *, now: datetime) -> Place | None:
    """None: the thread has neither been declared nor posted to.

    Raises:
        NoSuchSite: nobody has set up this site.
    """
    found = queries.get_site(tx, site)
    thread = queries.find_thread(tx, site, key)
    return None if thread is None else _place(tx, found, thread, now=now)


def make_place(tx: sa.Connection, site: SiteId, key: str, *, now: datetime) -> Place:
    """The place, made in the strictest class when the thread is new.

    Raises:
        NoSuchSite, BadThreadKey: nothing was made.
    """
    place = find_place(tx, site, key, now=now)
    if place is None:
        rules.require_thread_key(key)
        store.make_thread(tx, site, key, now=now)
        place = find_place(tx, site, key, now=now)
    if place is None:
        raise NoSuchThread
    return place


def place_of(tx: sa.Connection, thread: ThreadId, *, now: datetime) -> Place:
    """Raises NoSuchThread."""
    found = queries.get_thread(tx, thread)
    return _place(tx, queries.get_site(tx, found.site), found, now=now)


def page_changed(tx: sa.Connection, thread: Thread, *, urgent: bool, now: datetime) -> None:
    """Have the pages of a thread made again. Urgent: nothing old may be served meanwhile."""
    _send(tx, thread, Change.WHOLE, "", urgent=urgent, now=now)


def comment_changed(
    tx: sa.Connection,
    thread: Thread,
    comment: CommentId,
    *,
    change: Change = Change.CHANGED,
    urgent: bool,
    now: datetime,
) -> None:
    """The same for one comment: those who follow the thread are told of that one."""
    _send(tx, thread, change, comment, urgent=urgent, now=now)


def site_changed(tx: sa.Connection, site: SiteId, *, due: datetime) -> None:
    """Have every page of a site made again, now or when a switch ends."""
    send_on_commit(tx, SITE_CHANGED, {"site": site}, due=due)


def _send(
    tx: sa.Connection, thread: Thread, change: Change, comment: str, *, urgent: bool, now: datetime
) -> None:
    what = {"change": change.value, "comment": comment, "urgent": "yes" if urgent else ""}
    body = {"thread": thread.id, "site": thread.site, "key": thread.key, **what}
    send_on_commit(tx, PAGE_CHANGED, body, due=now)


def _place(tx: sa.Connection, site: Site, thread: Thread, *, now: datetime) -> Place:
    return Place(
        site=site,
        thread=thread,
        regime=get_regime(site.regime),
        switches=tuple(queries.switches_of(tx, site.id, thread.id, now=now)),
    )
