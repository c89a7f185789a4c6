"""Bring two threads together that the old site knew under two addresses."""

from datetime import datetime

import msgspec
import sqlalchemy as sa

from gentie.actions.place import page_changed
from gentie.cases import queries as cases
from gentie.comments.archive.moving import store as moving
from gentie.danmaku import queries as danmaku
from gentie.kernel.actor import Actor
from gentie.kernel.ids import SiteId
from gentie.sites import queries, store
from gentie.sites.model import NoSuchThread, SameThread, Thread, ThreadInUse


class Merged(msgspec.Struct, frozen=True, kw_only=True):
    moved: int
    left: int
    """Not zero: call again. The key is not handed over before."""


def merge_threads(
    tx: sa.Connection,
    site: SiteId,
    key: str,
    into: str,
    *,
    most: int = 200,
    acting: Actor,
    now: datetime,
) -> Merged:
    """Move what was imported to `key` to the thread `into`, then let `key` reach that.

    Only imported comments move that nobody here has touched: what was written, decided on, or
    reported here has receipts, links and leaves in the public log that say where it stands. Lines
    belong to their video, and stay. Branches move whole, some `most` comments an act.

    Raises:
        MayNot, NoSuchThread, SameThread: nothing was changed.
        ThreadInUse: something in the thread has to stay; facts say how much.
    """
    acting.require("thread:merge", site=site)
    gone, stays = _both(tx, site, key, into)
    blocked = moving.count_fixed(tx, gone.id) + danmaku.count_in(tx, gone.id)
    if blocked:
        raise ThreadInUse(fixed=blocked)
    rows = moving.next_branches(tx, gone.id, most=most)
    reported = cases.count_about(tx, [str(ref) for ref in moving.refs_of(rows)])
    if reported:
        raise ThreadInUse(fixed=reported)
    moving.move(tx, rows, stays.id, now=now)
    left = moving.count_in(tx, gone.id)
    if not left:
        store.point_keys(tx, gone, stays)
        page_changed(tx, gone, urgent=True, now=now)
    page_changed(tx, stays, urgent=False, now=now)
    return Merged(moved=len(rows), left=left)


def _both(tx: sa.Connection, site: SiteId, key: str, into: str) -> tuple[Thread, Thread]:
    """Locked in one order, whichever way round they are named."""
    gone, stays = queries.find_thread(tx, site, key), queries.find_thread(tx, site, into)
    if gone is None or stays is None:
        raise NoSuchThread
    if gone.id == stays.id:
        raise SameThread
    for thread in sorted((gone.id, stays.id)):
        store.lock_thread(tx, thread)
    return gone, stays
