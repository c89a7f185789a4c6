"""Forget how often somebody tried something, once it says nothing any more."""

from datetime import datetime

import sqlalchemy as sa

from gentie.kernel.actor import Actor
from gentie.screening import store


def forget_rates(tx: sa.Connection, *, acting: Actor, now: datetime) -> int:
    """Drop rates that hold nobody back at the moment. Returns how many. Raises MayNot."""
    acting.require("job:run")
    return store.forget_idle_rates(tx, now=now)
