"""Move a sealed network record into the vault."""

from datetime import datetime

import sqlalchemy as sa

from gentie.catalogue import fulfils
from gentie.kernel.actor import Actor
from gentie.vault import store
from gentie.vault.model import SealedRecord


@fulfils("2017-5.2b")
def keep_network_record(
    tx: sa.Connection, record: SealedRecord, *, acting: Actor, now: datetime
) -> None:
    """Keep a record that came by message. `tx` is the vault's. The same message may come twice.

    One whose time is over already, after a long standstill, is not kept at all.
    """
    acting.require("vault:keep")
    if now < record.expires_at:
        store.add_record(tx, record)
