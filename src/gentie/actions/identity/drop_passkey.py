"""Remove a passkey from one's own account."""

from datetime import datetime

import sqlalchemy as sa

from gentie.accounts import store as accounts
from gentie.accounts.passkeys import store
from gentie.accounts.passkeys.model import LastWayIn, NoSuchPasskey
from gentie.kernel.actor import Actor


def drop_passkey(tx: sa.Connection, credential: str, *, acting: Actor, now: datetime) -> None:
    """From now on it opens nothing. Sessions that it opened end as all others do.

    Raises:
        MayNot, NoSuchPasskey: nothing was removed.
        LastWayIn: there is neither a password nor another passkey.
    """
    acting.require("account:self")
    had = store.counts_of(tx, acting.account)
    if credential not in had:
        raise NoSuchPasskey
    if len(had) == 1 and accounts.stored_password(tx, acting.account) is None:
        raise LastWayIn
    store.drop_passkey(tx, acting.account, credential)
