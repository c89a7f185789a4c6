"""Take the upload that has waited longest to the scrubber."""

from datetime import datetime

import sqlalchemy as sa

from gentie.kernel.actor import Actor
from gentie.media import store
from gentie.media.model import Attachment


def take_upload(
    tx: sa.Connection, *, lease: str, acting: Actor, now: datetime
) -> Attachment | None:
    """Lease it for a minute and count the try. None: none waits. Raises MayNot."""
    acting.require("job:run")
    return store.take(tx, lease=lease, now=now)
