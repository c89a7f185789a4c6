"""Open a session for a commenter who knows their password."""

from datetime import datetime

import sqlalchemy as sa

from gentie.accounts import store
from gentie.accounts.model import (
    SESSION_TERM,
    AccountClosed,
    AccountState,
    Credentials,
    NewSession,
    SessionKind,
    WrongCredentials,
)
from gentie.kernel.actor import Actor
from gentie.kernel.chance import new_secret
from gentie.kernel.ids import AccountId


def sign_in(
    tx: sa.Connection,
    proven: Credentials | None,
    *,
    kind: SessionKind,
    acting: Actor,
    now: datetime,
) -> NewSession:
    """Open a session.

    `proven` is what the password was found to fit, outside of this transaction; it is looked
    at again here, so that an old password does not outlive its change. None: it fitted nothing.

    Raises:
        WrongCredentials: no such name or another password, which nobody can tell apart.
        AccountClosed: only who knows the password learns that.
    """
    acting.require("account:open")
    if proven is None:
        raise WrongCredentials
    account = AccountId(proven.holder)
    poster = store.get_poster(tx, account)
    if store.stored_password(tx, account) != proven.stored:
        raise WrongCredentials
    if poster.state is AccountState.CLOSED:
        raise AccountClosed
    session = NewSession(
        token=new_secret(), holder=proven.holder, kind=kind, expires_at=now + SESSION_TERM[kind]
    )
    store.add_session(tx, session, now=now)
    return session
