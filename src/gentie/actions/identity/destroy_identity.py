"""Destroy a person's keys, and with them all that was ever sealed under them."""

from datetime import datetime

import sqlalchemy as sa

from gentie.catalogue import fulfils
from gentie.kernel.actor import Actor
from gentie.vault import store
from gentie.vault.model import Gone


@fulfils("2017-8.c", "2022-7.c")
def destroy_identity(tx: sa.Connection, person: str, *, acting: Actor, now: datetime) -> int:
    """In the vault's own database. Returns how many rows went; again, as after a restore: none.

    The caller has written the person into the list of destructions before.
    """
    acting.require("vault:keep")
    gone = store.destroy_person(tx, person, now=now)
    store.enter_gone(tx, Gone(data="identity", rows=gone, at=now))
    return gone
