"""Come back to a closed account by its signed link: to know, to contest, to have deleted."""

from datetime import datetime

import sqlalchemy as sa

from gentie.accounts import store
from gentie.accounts.after import account_in
from gentie.accounts.model import (
    SESSION_TERM,
    AccountState,
    NewSession,
    NoSuchAccount,
    SessionKind,
)
from gentie.kernel.actor import Actor
from gentie.kernel.chance import new_secret
from gentie.kernel.ids import ActorId
from gentie.privacy import queries as privacy
from gentie.privacy.model import NotClosed


def return_after(
    tx: sa.Connection, link: str, *, key: bytes, acting: Actor, now: datetime
) -> NewSession:
    """Open a session in which nothing can be said any more.

    The link works until what is kept of the closing is deleted, three years after it.

    Raises:
        NotClosed: we made no such link, or there is nothing behind it any more.
    """
    acting.require("session:after")
    account = account_in(link, key)
    if account is None or privacy.find_closure(tx, account) is None:
        raise NotClosed
    try:
        poster = store.get_poster(tx, account)
    except NoSuchAccount as error:
        raise NotClosed from error
    if poster.state is not AccountState.CLOSED:
        raise NotClosed
    kind, holder = SessionKind.AFTER, ActorId(account)
    term = now + SESSION_TERM[kind]
    session = NewSession(token=new_secret(), holder=holder, kind=kind, expires_at=term)
    store.add_session(tx, session, now=now)
    return session
