"""Let another key reach a thread: an old address, an old identifier."""

from datetime import datetime

import sqlalchemy as sa

from gentie.actions.place import page_changed
from gentie.kernel.actor import Actor
from gentie.kernel.ids import SiteId
from gentie.sites import queries, rules, store
from gentie.sites.model import KeyTaken, NoSuchThread, Thread


def alias_thread(
    tx: sa.Connection, site: SiteId, key: str, alias: str, *, acting: Actor, now: datetime
) -> Thread:
    """From now on `alias` is the same page as `key`. Saying it again does no harm.

    Raises:
        MayNot, NoSuchThread, BadThreadKey: nothing was changed.
        KeyTaken: the alias has a thread of its own; `merge_threads` joins the two.
    """
    acting.require("thread:declare", site=site)
    rules.require_thread_key(alias)
    thread = queries.find_thread(tx, site, key)
    if thread is None:
        raise NoSuchThread
    if not store.add_key(tx, thread, alias):
        there = queries.find_thread(tx, site, alias)
        if there is None or there.id != thread.id:
            raise KeyTaken(key=alias)
    page_changed(tx, thread, urgent=False, now=now)
    return thread
