"""Say that the scrubber still works on an upload."""

from datetime import datetime

import sqlalchemy as sa

from gentie.kernel.actor import Actor
from gentie.media import store


def hold_upload(
    tx: sa.Connection, upload: str, *, lease: str, acting: Actor, now: datetime
) -> bool:
    """Renew the lease. False: it was lost, or the upload taken back. Raises MayNot."""
    acting.require("job:run")
    return store.renew(tx, upload, lease=lease, now=now)
