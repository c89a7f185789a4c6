"""Say what a thread's video is: recorded, live with a delay, or without danmaku."""

from datetime import datetime

import sqlalchemy as sa

from gentie.actions.place import make_place, page_changed
from gentie.danmaku import rules, store
from gentie.danmaku.model import Stream
from gentie.kernel.actor import Actor
from gentie.kernel.ids import SiteId


def declare_stream(
    tx: sa.Connection, site: SiteId, key: str, stream: Stream, *, acting: Actor, now: datetime
) -> None:
    """Declare it, by the site's own server. Lines that are there keep their moments.

    Raises:
        MayNot, NoSuchSite, BadThreadKey, BadStream: nothing was changed.
    """
    acting.require("thread:declare", site=site)
    rules.require_stream(stream)
    thread = make_place(tx, site, key, now=now).thread
    store.declare(tx, thread.id, stream)
    page_changed(tx, thread, urgent=True, now=now)
