"""Keep who a person is, closed, where a regime asks for it."""

from datetime import datetime

import sqlalchemy as sa

from gentie.catalogue import fulfils
from gentie.kernel.actor import Actor
from gentie.vault import store
from gentie.vault.model import SealedPerson


@fulfils("2017-5.1a", "2017-5.2b")
def keep_identity(tx: sa.Connection, sealed: SealedPerson, *, acting: Actor, now: datetime) -> None:
    """Keep it in place of what was kept before. `tx` is the vault's."""
    acting.require("identity:verify")
    store.keep_person(tx, sealed, now=now)
