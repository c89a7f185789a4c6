"""Keep how authors of an archive could be reached, sealed. Only where the operator asked for it."""

from collections.abc import Iterable
from datetime import datetime

import sqlalchemy as sa

from gentie.kernel.actor import Actor
from gentie.vault import store
from gentie.vault.model import SealedContact


def keep_contacts(
    tx: sa.Connection, contacts: Iterable[SealedContact], *, acting: Actor, now: datetime
) -> int:
    """In the vault's own database, for a year. Returns how many; the last of an author counts.

    Raises:
        MayNot: nothing was changed.
    """
    acting.require("vault:keep")
    last = {one.author: one for one in contacts}
    for one in last.values():
        store.keep_contact(tx, one, now=now)
    return len(last)
