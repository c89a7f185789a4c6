"""Proof of a deletion: what class, how many, until when. Nothing of what was deleted, nor whose."""

from datetime import datetime

import sqlalchemy as sa

from gentie import ledger
from gentie.catalogue import fulfils
from gentie.kernel.chance import new_salt
from gentie.kernel.clock import hour_of
from gentie.privacy import store
from gentie.privacy.model import Deleted


@fulfils("2017-8.c", "2022-7.c")
def prove(tx: sa.Connection, data: str, rows: int, *, upto: datetime, now: datetime) -> int:
    """Enter it in the public log, in the transaction that deletes. Nothing gone: no proof.

    `data` is the class: a table of the inventory. Returns `rows`.
    """
    if not rows:
        return 0
    deleted, salt = Deleted(data=data, rows=rows, upto=upto, at=now), new_salt()
    record = ledger.commitment(deleted, salt)
    leaf = ledger.Leaf(kind="deletion", hour=hour_of(now), site="", measure=data, record=record)
    entered = ledger.append(tx, leaf, now=now)
    store.prove(tx, deleted, salt=salt, commitment=record, leaf=entered)
    return rows
