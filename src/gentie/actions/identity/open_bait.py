"""Open an account that nobody has, for a person who is bait."""

from datetime import datetime

import sqlalchemy as sa

from gentie.accounts import store
from gentie.accounts.model import Attested
from gentie.accounts.names import clean_name, name_key
from gentie.kernel.actor import Actor
from gentie.kernel.chance import new_account_id
from gentie.kernel.ids import AccountId


def open_bait(
    tx: sa.Connection,
    name: str,
    attested: Attested,
    *,
    provider: str,
    person: str,
    acting: Actor,
    now: datetime,
) -> AccountId:
    """In the main database. Nobody can sign in to it: it has no password.

    Raises:
        BadName, NameTaken: nothing was changed.
    """
    acting.require("vault:bait")
    name, account = clean_name(name), new_account_id()
    store.take_name(tx, name_key(name), account, now=now)
    store.add_account(tx, account, name=name, now=now)
    store.add_verification(tx, account, attested, provider=provider, person=person, now=now)
    return account
