"""Forget letters that were written long ago."""

from datetime import datetime, timedelta

import sqlalchemy as sa

from gentie.actions.proving import prove
from gentie.kernel.actor import Actor
from gentie.mail import store

KEPT = timedelta(days=30)


def forget_letters(tx: sa.Connection, *, acting: Actor, now: datetime) -> int:
    """Forget what was sent, dropped or laid aside a month ago. Returns how many."""
    acting.require("job:run")
    gone = store.forget(tx, before=now - KEPT)
    return prove(tx, "mail_letter", gone, upto=now - KEPT, now=now)
