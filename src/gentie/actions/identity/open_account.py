"""Open an account under a pseudonym."""

from datetime import datetime

import sqlalchemy as sa

from gentie.accounts import store
from gentie.accounts.names import clean_name, name_key
from gentie.catalogue import fulfils
from gentie.kernel.actor import Actor
from gentie.kernel.chance import new_account_id
from gentie.kernel.ids import AccountId


@fulfils("2017-5.1b", "2022-4.1b")
def open_account(
    tx: sa.Connection, name: str, *, stored: str | None, acting: Actor, now: datetime
) -> AccountId:
    """Open an account. Nothing but a name and a password is asked for.

    `stored` is the password as `accounts.passwords.hash_password` gives it. None: there is
    none, and nobody can sign in by one.

    Raises:
        BadName, NameTaken: nothing was changed.
    """
    acting.require("account:open")
    name, account = clean_name(name), new_account_id()
    store.take_name(tx, name_key(name), account, now=now)
    store.add_account(tx, account, name=name, now=now)
    if stored is not None:
        store.add_password(tx, account, stored, now=now)
    return account
