"""Take an upload back before it is posted."""

from datetime import datetime

import sqlalchemy as sa

from gentie.kernel.actor import Actor
from gentie.media import store
from gentie.media.rules import require_owner, require_unattached


def drop_upload(tx: sa.Connection, upload: str, *, acting: Actor, now: datetime) -> None:
    """Forget it; its bytes are swept away within a day, as soon as nothing else needs them.

    Raises:
        MayNot, NoSuchAttachment, AttachmentTaken: nothing was changed.
    """
    acting.require("comment:submit")
    require_unattached(require_owner(store.find(tx, upload), acting.account))
    store.drop(tx, [upload])
