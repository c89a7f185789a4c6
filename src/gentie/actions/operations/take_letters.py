"""Take letters whose time has come, for one sender alone."""

from datetime import datetime

import sqlalchemy as sa

from gentie.kernel.actor import Actor
from gentie.mail import store
from gentie.mail.model import Letter


def take_letters(tx: sa.Connection, *, most: int, acting: Actor, now: datetime) -> list[Letter]:
    """Lease up to `most` letters, oldest first. One whose sender dies is taken again later."""
    acting.require("job:run")
    return store.take(tx, most=most, now=now)
