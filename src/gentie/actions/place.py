"""Where an act happens: site, thread, regime and the switches that stand. Loaded once an act."""

import enum
from collections.abc import Iterable
from datetime import datetime

import msgspec
import sqlalchemy as sa

from gentie.catalogue.regimes import Regime, get_regime
from gentie.comments import store as comments
from gentie.comments.model import Comment, Form
from gentie.danmaku import queries as placements
from gentie.danmaku import store as danmaku
from gentie.danmaku.rules import segment_of
from gentie.kernel.ids import SiteId, ThreadId
from gentie.sites import queries, rules, store
from gentie.sites.model import NoSuchThread, Site, Switch, Thread
from gentie.storage import hints
from gentie.storage.outbox import send_on_commit

PAGE_CHANGED = "page.changed"
DANMAKU_CHANGED = "danmaku.changed"
"""Lines over a video have come into public view, or left it."""
SAMPLING_CHANGED = "sampling.changed"
"""Those who follow a video are sent another part of its lines."""
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
    comment: Comment,
    *,
    change: Change = Change.CHANGED,
    urgent: bool,
    now: datetime,
) -> None:
    """The same for one comment: those who follow the thread are told of that one."""
    if comment.form is Form.DANMAKU:
        _line_changed(tx, thread, comment, urgent=urgent, now=now)
    else:
        _send(tx, thread, change, comment.id, urgent=urgent, now=now)


def lines_changed(
    tx: sa.Connection, thread: Thread, segments: Iterable[int], *, now: datetime
) -> None:
    """Many lines over a video have come at once: whoever follows reads these segments again."""
    _send_danmaku(tx, thread, "", segments, urgent=False, now=now)


def sampling_changed(tx: sa.Connection, thread: Thread, *, now: datetime) -> None:
    """What the pages of a video say of it is another; no line has come or gone."""
    body = {"thread": thread.id, "site": thread.site, "key": thread.key}
    _tell(tx, SAMPLING_CHANGED, body, now=now)


def _line_changed(
    tx: sa.Connection, thread: Thread, comment: Comment, *, urgent: bool, now: datetime
) -> None:
    stands = placements.find(tx, comment.ref)
    segments = [segment_of(stands.t_ms)] if stands else []
    _send_danmaku(tx, thread, comment.id, segments, urgent=urgent, now=now)


def count_public(tx: sa.Connection, comment: Comment, by: int, *, now: datetime) -> None:
    """A contribution came into public view (1), or left it (-1): count it where it stands."""
    if comment.form is Form.DANMAKU:
        danmaku.turn(tx, comment.ref, shown=by > 0)
    else:
        comments.count_published(tx, comment, by, now=now)


def site_changed(tx: sa.Connection, site: SiteId, *, due: datetime) -> None:
    """Have every page of a site made again, now or when a switch ends."""
    send_on_commit(tx, SITE_CHANGED, {"site": site}, due=due)


def _send(
    tx: sa.Connection, thread: Thread, change: Change, comment: str, *, urgent: bool, now: datetime
) -> None:
    about = {"change": change.value, **_about(thread, urgent=urgent)}
    _tell(tx, PAGE_CHANGED, about, comment, now=now)


def _send_danmaku(
    tx: sa.Connection,
    thread: Thread,
    comment: str,
    segments: Iterable[int],
    *,
    urgent: bool,
    now: datetime,
) -> None:
    """Say which line it was, empty: more than one; and the segments, all with spaces between."""
    item = " ".join((comment, *map(str, sorted(segments))))
    _tell(tx, DANMAKU_CHANGED, _about(thread, urgent=urgent), item, now=now)


def _about(thread: Thread, *, urgent: bool) -> dict[str, str]:
    place = {"thread": thread.id, "site": thread.site, "key": thread.key}
    return {**place, "urgent": "yes" if urgent else ""}


def _tell(
    tx: sa.Connection, topic: str, about: dict[str, str], item: str = "", *, now: datetime
) -> None:
    """Tell one process by message, and those beside it by the hint that the message names."""
    hint = hints.tell(tx, topic, about, item, now=now)
    send_on_commit(tx, topic, {**about, "item": item, "hint": hint}, due=now)


def _place(tx: sa.Connection, site: Site, thread: Thread, *, now: datetime) -> Place:
    return Place(
        site=site,
        thread=thread,
        regime=get_regime(site.regime),
        switches=tuple(queries.switches_of(tx, site.id, thread.id, now=now)),
    )
