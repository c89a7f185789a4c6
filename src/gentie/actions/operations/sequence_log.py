"""Give waiting leaves their place in the public log."""

from datetime import datetime

import sqlalchemy as sa

from gentie.catalogue import fulfils
from gentie.kernel.actor import Actor
from gentie.ledger import store

BATCH = 500
"""Leaves in one transaction: it holds the only write lock for well under 50 ms."""


@fulfils("2017-8.c")
def sequence_log(tx: sa.Connection, *, acting: Actor, now: datetime) -> int:
    """Place up to `BATCH` waiting leaves, oldest first. Returns how many.

    Nothing is public before a checkpoint that covers it is signed and published.

    Raises:
        MayNot: nothing was changed.
    """
    acting.require("log:sequence")
    return store.place_pending(tx, most=BATCH)
