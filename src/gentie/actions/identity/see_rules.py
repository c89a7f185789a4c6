"""Confirm to have seen what is kept, after a material change."""

from datetime import datetime

import sqlalchemy as sa

from gentie.kernel.actor import Actor
from gentie.privacy import queries, store


def see_rules(tx: sa.Connection, number: int, *, acting: Actor, now: datetime) -> None:
    """Note it. A number that is not the newest says nothing about the newest: nothing is noted.

    No consent: what rests on one is asked for apart, purpose by purpose.
    """
    acting.require("account:self")
    newest = queries.find_newest(tx)
    if newest is not None and newest.number == number:
        store.see(tx, acting.account, number, now=now)
