"""How often somebody may try something. Counted in an act of its own, so that it stays counted.

A bucket that drains: `limit` tries fit into `window`, and each try is forgotten evenly, so that
waiting a little always helps a little. One row for each key, one statement for each try.
"""

from datetime import datetime, timedelta

import msgspec
import sqlalchemy as sa

from gentie.screening import store
from gentie.screening.model import TooMany


class Rate(msgspec.Struct, frozen=True):
    key: str
    """What is counted, for example "post:account:<id>". Never an address: a keyed hash of it."""
    window: timedelta
    limit: int
    """How many tries at once, and how many in each window in the long run."""


def count(tx: sa.Connection, key: str, *, window: timedelta, limit: int, now: datetime) -> None:
    """Count one try.

    Raises:
        TooMany: this one was not counted. Facts: `retry_after`, whole seconds.
    """
    full_in = store.count_try(tx, key, step=window / limit, window=window, now=now)
    if full_in is not None:
        raise TooMany(retry_after=max(1, -(-full_in // timedelta(seconds=1))))
