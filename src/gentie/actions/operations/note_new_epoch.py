"""Go on with the public log under a new name, and never sign two histories of one name."""

from datetime import datetime
from hashlib import sha256

import sqlalchemy as sa

from gentie import ledger
from gentie.kernel.actor import Actor
from gentie.kernel.clock import hour_of
from gentie.kernel.ids import LeafId
from gentie.ledger.note import Checkpoint


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
