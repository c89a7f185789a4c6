"""Forget sessions and verification attempts that ended long ago."""

from datetime import datetime, timedelta

import sqlalchemy as sa

from gentie.accounts import store
from gentie.kernel.actor import Actor

_KEPT = timedelta(days=7)


def purge_sign_ins(tx: sa.Connection, *, acting: Actor, now: datetime) -> int:
    """Drop what ended a week ago or earlier. Returns how many rows."""
    acting.require("session:purge")
    before = now - _KEPT
    return store.forget_sessions(tx, before=before) + store.forget_attempts(tx, before=before)
