"""Go on after an old backup was restored, without ever signing two histories of one log."""

from datetime import datetime
from hashlib import sha256

import sqlalchemy as sa

from gentie import ledger
from gentie.kernel.actor import Actor
from gentie.kernel.clock import hour_of
from gentie.kernel.ids import LeafId
from gentie.ledger import queries, store
from gentie.ledger.note import Checkpoint, read_checkpoint
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


def note_new_epoch(
    tx: sa.Connection, last: Checkpoint | None, *, acting: Actor, now: datetime
) -> LeafId:
    """Say in the log itself that it goes on under a new name, and where the earlier one ended.

    The leaf's `source` is the earlier name, its `record` the SHA-256 of the body of the last
    checkpoint signed under it, so that nobody can put another in its place. `last` None: that
    checkpoint is lost, and the leaf says so by having none.

    Raises:
        MayNot: nothing was changed.
    """
    acting.require("log:recover")
    leaf = ledger.Leaf(
        kind="checkpoint_note",
        hour=hour_of(now),
        site="",
        source=last.origin if last else "",
        record=sha256(last.body.encode()).hexdigest() if last else "",
    )
    return ledger.append(tx, leaf, now=now)
