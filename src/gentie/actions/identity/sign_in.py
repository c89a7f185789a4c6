"""Open a session for a commenter who knows their password."""

from datetime import datetime

import sqlalchemy as sa

from gentie.accounts import store
from gentie.accounts.model import Credentials, NewSession, SessionKind, WrongCredentials
from gentie.actions.entering import enter
from gentie.kernel.actor import Actor
from gentie.kernel.ids import AccountId


def sign_in(
    tx: sa.Connection,
    proven: Credentials | None,
    *,
    kind: SessionKind,
    acting: Actor,
    now: datetime,
) -> NewSession:
    """Open a session; of a closed account one in which nothing can be said any more.

    `proven` is what the password was found to fit, outside of this transaction; it is looked
    at again here, so that an old password does not outlive its change. None: it fitted nothing.

    Raises:
        WrongCredentials: no such name or another password, which nobody can tell apart.
    """
    acting.require("account:open")
    if proven is None:
        raise WrongCredentials
    account = AccountId(proven.holder)
    poster = store.get_poster(tx, account)
    if store.stored_password(tx, account) != proven.stored:
        raise WrongCredentials
    return enter(tx, poster, kind, now=now)
