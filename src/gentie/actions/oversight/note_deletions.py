"""Prove what was deleted in the vault, whose database has no public log."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime

import sqlalchemy as sa

from gentie.actions.proving import prove
from gentie.catalogue import fulfils
from gentie.kernel.actor import Actor
from gentie.privacy import store
from gentie.vault.model import Gone


@fulfils("2017-8.c", "2022-7.c")
def note_deletions(
    tx: sa.Connection, gone: Iterable[Gone], *, since: datetime, acting: Actor, now: datetime
) -> int:
    """Prove each line of the vault's book since then that has no proof yet. Returns how many.

    The vault enters a deletion in the transaction that deletes, and what a crash then kept from the
    public log is in it after the next run. Raises MayNot.
    """
    acting.require("job:run")
    proven = Counter((one.data, one.rows, one.upto) for one in store.proven_since(tx, since))
    owed = Counter((one.data, one.rows, one.at) for one in gone) - proven
    for data, rows, at in owed.elements():
        prove(tx, data, rows, upto=at, now=now)
    return owed.total()
