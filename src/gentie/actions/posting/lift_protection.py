"""End one's own protection before its time."""

from datetime import datetime

import sqlalchemy as sa

from gentie.boundaries import store
from gentie.kernel.actor import Actor


def lift_protection(tx: sa.Connection, *, acting: Actor, now: datetime) -> None:
    """What was saved stays saved. Raises MayNot."""
    acting.require("boundary:set")
    store.set_protection(tx, acting.account, None)
