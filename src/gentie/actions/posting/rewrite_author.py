"""Bring the author on their comments up to date, after a change of name."""

from datetime import datetime

import sqlalchemy as sa

from gentie.accounts import queries as accounts
from gentie.actions.place import page_changed
from gentie.catalogue import fulfils
from gentie.comments import store
from gentie.comments.model import Author
from gentie.kernel.actor import Actor
from gentie.kernel.ids import AccountId
from gentie.sites.queries import get_thread

BATCH = 200


@fulfils("2017-5.1b", "2022-4.1b")
def rewrite_author(tx: sa.Connection, account: AccountId, *, acting: Actor, now: datetime) -> bool:
    """Rewrite up to a batch of comments that still show the author as they were.

    Returns whether there may be more. Running it again does no harm.

    Raises:
        MayNot, NoSuchAccount: nothing was changed.
    """
    acting.require("job:run")
    poster = accounts.get_poster(tx, account)
    author = Author(id=account, name=poster.name, avatar=poster.avatar, badges=poster.badges)
    threads = store.rewrite_author(tx, author, most=BATCH)
    for thread in set(threads):
        page_changed(tx, get_thread(tx, thread), urgent=False, now=now)
    return len(threads) == BATCH
