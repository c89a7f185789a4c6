"""What opens a new way into an account asks for the password again, where there is one."""

import sqlalchemy as sa

from gentie.accounts import store
from gentie.accounts.model import Credentials, WrongCredentials
from gentie.kernel.actor import Actor


def require_known(tx: sa.Connection, proven: Credentials | None, *, acting: Actor) -> None:
    """Who finds a browser open must not get a way in of their own.

    `proven` is what the password was found to fit, outside of this transaction.

    Raises:
        WrongCredentials: the account has a password, and it was not given.
    """
    stored = store.stored_password(tx, acting.account)
    if stored is None:
        return
    if proven is None or proven.holder != acting.id or proven.stored != stored:
        raise WrongCredentials
