"""End a legal hold before its day."""

from datetime import datetime

import sqlalchemy as sa

from gentie.kernel.actor import Actor
from gentie.privacy import store


def end_hold(tx: sa.Connection, number: str, *, acting: Actor, now: datetime) -> None:
    """What it kept from being deleted goes with the next run of the clock.

    Raises:
        MayNot, NoSuchHold: nothing was changed.
    """
    acting.require("deletion:hold")
    store.get_hold(tx, number)
    store.end_hold(tx, number, now=now)
