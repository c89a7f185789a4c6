"""Bring back what a copy of the public log has and an old backup lacks."""

from datetime import datetime

import sqlalchemy as sa

from gentie.kernel.actor import Actor
from gentie.ledger import queries, store
from gentie.ledger.note import read_checkpoint
from gentie.ledger.tree import root_of


class CopyDiffers(Exception):
    """The copy is not a continuation of what the database holds. Nothing was changed."""


def restore_entries(
    tx: sa.Connection, bodies: list[bytes], note: str, *, acting: Actor, now: datetime
) -> int:
    """Put back entries that a copy of the log has kept, up to its checkpoint. Returns its size.

    Leaves that acts have appended since get their places behind them.

    Args:
        tx: the open transaction.
        bodies: entries of the copy from the present size of the log on.
        note: the signed checkpoint of the copy.
        acting: who may recover the log.
        now: the moment.

    Raises:
        MayNot, CopyDiffers: nothing was changed.
    """
    acting.require("log:recover")
    store.lock(tx)
    said = read_checkpoint(note)
    store.restore(tx, bodies, now=now)
    short = queries.size_of(tx) < said.size
    if short or root_of(queries.tiles_of(tx), said.size) != said.root:
        raise CopyDiffers(f"the first {said.size} leaves would not be those that were signed")
    store.publish(tx, note, now=now)
    return said.size
