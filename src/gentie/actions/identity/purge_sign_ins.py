"""Forget sessions, visits and verification attempts that ended long ago."""

from datetime import datetime, timedelta

import sqlalchemy as sa

from gentie.accounts import store
from gentie.kernel.actor import Actor
from gentie.visits import store as visits

_KEPT = timedelta(days=7)


def purge_sign_ins(tx: sa.Connection, *, acting: Actor, now: datetime) -> int:
    """Drop what ended a week ago or earlier. Returns how many rows."""
    acting.require("session:purge")
    before = now - _KEPT
    gone = store.forget_sessions(tx, before=before) + store.forget_attempts(tx, before=before)
    return gone + visits.forget(tx, before=before)
