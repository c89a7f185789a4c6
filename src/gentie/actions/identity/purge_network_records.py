"""Delete network records whose time is over."""

from datetime import datetime

import sqlalchemy as sa

from gentie.catalogue import fulfils
from gentie.kernel.actor import Actor
from gentie.vault import store


@fulfils("2017-5.2b")
def purge_network_records(tx: sa.Connection, *, acting: Actor, now: datetime) -> int:
    """Delete them. `tx` is the vault's. Returns how many.

    When a record's time is over was set by its site's regime when it was made.
    """
    acting.require("vault:keep")
    return store.drop_expired(tx, now=now)
