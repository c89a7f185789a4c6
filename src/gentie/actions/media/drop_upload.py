"""Take an upload back before it is posted."""

from datetime import datetime

import sqlalchemy as sa

from gentie.catalogue import fulfils
from gentie.kernel.actor import Actor
from gentie.media import store
from gentie.media.rules import require_owner, require_unattached
from gentie.privacy.queries import held_accounts


@fulfils("2017-8.c")
def drop_upload(tx: sa.Connection, upload: str, *, acting: Actor, now: datetime) -> bool:
    """Forget it; its bytes are swept away within a day, as soon as nothing else needs them.

    False: its owner's data are under a legal hold, so it goes when that ends.

    Raises:
        MayNot, NoSuchAttachment, AttachmentTaken: nothing was changed.
    """
    acting.require("comment:submit")
    found = require_owner(store.find(tx, upload), acting.account)
    require_unattached(found)
    if found.account in held_accounts(tx, now=now):
        return False
    store.drop(tx, [upload])
    return True
