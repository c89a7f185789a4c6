"""Count an attempt to do something, before it is done."""

from collections.abc import Iterable
from datetime import datetime

import sqlalchemy as sa

from gentie.kernel.actor import Actor
from gentie.screening import rates
from gentie.screening.rates import Rate


def count_attempt(
    tx: sa.Connection, attempted: Iterable[Rate], *, acting: Actor, now: datetime
) -> None:
    """Count one try against each of the rates, or none if one of them is used up.

    An act of its own, in its own transaction: the try stays counted when what follows is refused.

    Raises:
        MayNot: nothing was counted.
        TooMany: nothing was counted; `retry_after` says when to try again, in seconds.
    """
    acting.require("attempt:count")
    for rate in sorted(attempted, key=lambda one: one.key):  # all in one order: no deadlock
        rates.count(tx, rate.key, window=rate.window, limit=rate.limit, now=now)
