"""Say that more identities were to be opened than may be."""

from datetime import datetime

import sqlalchemy as sa

from gentie.actions.identity.booking import book_on_commit
from gentie.catalogue import fulfils
from gentie.kernel.actor import Actor
from gentie.vault import store
from gentie.vault.model import OVER_QUOTA


@fulfils("2017-5.2a", "2022-4.2a")
def sound_alarm(tx: sa.Connection, ticket: str, *, acting: Actor, now: datetime) -> bool:
    """Have the try entered in the vault's book, where it is an alarm. False: there is no such one.

    An act of its own, so that it stays when the opening was refused.
    """
    acting.require("vault:open")
    asked = store.find_by_ticket(tx, ticket)
    if asked is None:
        return False
    salt, event = store.salt_of(tx, asked.id), f"{OVER_QUOTA}-{int(now.timestamp())}"
    book_on_commit(tx, event, asked, by=asked.asked_by, salt=salt, now=now)
    return True
