"""All of an upload has arrived: it waits for the scrubber."""

from datetime import datetime

import sqlalchemy as sa

from gentie.kernel.actor import Actor
from gentie.media import store
from gentie.media.model import Attachment
from gentie.media.rules import require_owner


def finish_upload(
    tx: sa.Connection, upload: str, *, size: int, sha256: str, acting: Actor, now: datetime
) -> Attachment:
    """Note what arrived; its bytes lie in the object store already. Twice is once.

    Raises:
        MayNot, NoSuchAttachment: nothing was changed.
    """
    acting.require("comment:submit")
    require_owner(store.find(tx, upload), acting.account)
    store.arrived(tx, upload, size=size, sha256=sha256)
    return require_owner(store.find(tx, upload), acting.account)
