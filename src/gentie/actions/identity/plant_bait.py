"""Plant a person who is nobody: whoever reaches for them sets off the alarm."""

from datetime import datetime

import sqlalchemy as sa

from gentie.kernel.actor import Actor
from gentie.vault import rules, store
from gentie.vault.model import SealedPerson


def plant_bait(
    tx: sa.Connection, sealed: SealedPerson, *, bait_key: bytes, acting: Actor, now: datetime
) -> None:
    """In the vault's own database. It looks like everybody else there."""
    acting.require("vault:bait")
    store.keep_person(tx, sealed, now=now)
    store.add_honey(tx, rules.mark_of(sealed.person, bait_key))
