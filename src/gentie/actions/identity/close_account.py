"""Close one's own account."""

from datetime import datetime

import sqlalchemy as sa

from gentie.accounts import store
from gentie.accounts.model import AccountState
from gentie.kernel.actor import Actor
from gentie.mail import store as mail


def close_account(tx: sa.Connection, *, acting: Actor, now: datetime) -> int:
    """Close the account and end all its sessions at once. Returns how many were open.

    Raises:
        NoSuchAccount: there is none any more.
    """
    acting.require("account:self")
    store.get_poster(tx, acting.account)
    mail.drop_contact(tx, acting.account)
    store.set_state(tx, acting.account, AccountState.CLOSED)
    return store.end_sessions_of(tx, acting.id, now=now)
