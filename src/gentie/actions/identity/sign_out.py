"""End one session."""

from datetime import datetime

import sqlalchemy as sa

from gentie.accounts import store
from gentie.accounts.model import SessionExpired
from gentie.kernel.actor import Actor


def sign_out(tx: sa.Connection, token: str, *, acting: Actor, now: datetime) -> None:
    """End the session with this token, which has to be one's own.

    Raises:
        SessionExpired: it has ended already, or is another's.
    """
    acting.require("session:self")
    session = store.find_session(tx, token)
    if session is None or session.holder != acting.id or not store.end_session(tx, token, now=now):
        raise SessionExpired
