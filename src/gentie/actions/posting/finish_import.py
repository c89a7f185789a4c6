"""Go on with an imported batch that was decided on."""

from datetime import datetime

import sqlalchemy as sa

from gentie.actions.posting.batches import carry_out
from gentie.comments.archive import store as archive
from gentie.kernel.actor import Actor


def finish_import(
    tx: sa.Connection, batch_id: str, *, most: int = 200, acting: Actor, now: datetime
) -> int:
    """Carry out up to `most` of what was decided. Returns how many are left: call again.

    Raises:
        MayNot, NoSuchBatch: nothing was changed.
    """
    acting.require("job:run")
    batch = archive.get_batch(tx, batch_id)
    return carry_out(tx, batch, most=most, now=now) if batch.decided else 0
