"""Prove what was deleted in the vault, whose database has no public log."""

from datetime import datetime

import sqlalchemy as sa

from gentie.actions.proving import prove
from gentie.kernel.actor import Actor


def note_deletion(tx: sa.Connection, data: str, rows: int, *, acting: Actor, now: datetime) -> int:
    """Returns `rows`. None gone: nothing is noted. Raises MayNot."""
    acting.require("job:run")
    return prove(tx, data, rows, upto=now, now=now)
