"""Delete what lies sealed in the vault and has outlived the day written on it."""

from datetime import datetime

import sqlalchemy as sa

from gentie.catalogue import fulfils
from gentie.kernel.actor import Actor
from gentie.vault import store
from gentie.vault.model import Gone


@fulfils("2017-5.2b", "2017-8.c", "2022-7.c")
def purge_network_records(tx: sa.Connection, *, acting: Actor, now: datetime) -> int:
    """Delete it, and say so in the vault's book. `tx` is the vault's. Returns how many rows.

    When a record's time is over was set by its site's regime when it was made.
    """
    acting.require("vault:keep")
    gone = store.drop_expired(tx, now=now)
    for data, rows in gone.items():
        store.enter_gone(tx, Gone(data=data, rows=rows, at=now))
    return sum(gone.values())
