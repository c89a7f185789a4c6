"""Take another front-stage name."""

from datetime import datetime

import sqlalchemy as sa

from gentie.accounts import rules, store
from gentie.accounts.names import clean_name, name_key
from gentie.catalogue import fulfils
from gentie.kernel.actor import Actor
from gentie.storage.outbox import send_on_commit

AUTHOR_CHANGED = "author.changed"
"""Comments carry a snapshot of their author, so that reading needs no account: rewrite it."""


@fulfils("2017-5.1b", "2022-4.1b")
def change_name(tx: sa.Connection, name: str, *, acting: Actor, now: datetime) -> str:
    """Change the name that is shown from now on. Earlier names stay reserved for the account.

    Returns the name as it is shown.

    Raises:
        BadName, NameTaken, AccountClosed, AccountRestricted: nothing was changed.
    """
    acting.require("account:self")
    rules.require_good_standing(store.get_poster(tx, acting.account))
    name = clean_name(name)
    store.take_name(tx, name_key(name), acting.account, now=now)
    store.set_name(tx, acting.account, name)
    send_on_commit(tx, AUTHOR_CHANGED, {"account": acting.account}, due=now)
    return name
