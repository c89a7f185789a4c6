"""Remember up to which notice a person has read."""

from datetime import datetime

import sqlalchemy as sa

from gentie.decisions import store
from gentie.decisions.model import NoSuchNotice
from gentie.kernel.actor import Actor
from gentie.kernel.ids import is_row_id


def mark_notices_seen(tx: sa.Connection, upto: str, *, acting: Actor, now: datetime) -> int:
    """Mark one's own notices as seen, up to the newest one shown. Returns how many were new.

    A notice that came after that page was made stays new.

    Raises:
        MayNot, NoSuchNotice: nothing was changed.
    """
    acting.require("account:self")
    if not is_row_id(upto):
        raise NoSuchNotice
    return store.mark_seen(tx, acting.account, upto=upto, now=now)
