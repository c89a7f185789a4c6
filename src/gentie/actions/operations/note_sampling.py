"""Note that from now on those who follow are sent another part of the lines than before."""

from datetime import datetime

import sqlalchemy as sa

from gentie.actions.place import place_of, sampling_changed
from gentie.catalogue import fulfils
from gentie.danmaku import queries, store
from gentie.danmaku.model import RateSince
from gentie.kernel.actor import Actor
from gentie.kernel.ids import ThreadId


@fulfils("2017-7.1a")
def note_sampling(
    tx: sa.Connection, thread: ThreadId, one_in: int, *, acting: Actor, now: datetime
) -> bool:
    """Keep it for everybody to read. False: it is as it was, or another process has said so.

    Raises:
        MayNot, NoSuchThread: nothing was changed.
    """
    acting.require("job:run")
    place = place_of(tx, thread, now=now)
    last = queries.last_rate(tx, thread)
    if (1 if last is None else last.one_in) == one_in:
        return False
    store.keep_rate(tx, thread, RateSince(since=now, one_in=one_in))
    sampling_changed(tx, place.thread, now=now)
    return True
