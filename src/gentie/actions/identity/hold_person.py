"""Know a person again until a day, whatever they have erased: for those who may not come back."""

from datetime import datetime

import sqlalchemy as sa

from gentie.kernel.actor import Actor
from gentie.vault import store


def hold_person(
    tx: sa.Connection, person: str, *, until: datetime | None, acting: Actor, now: datetime
) -> bool:
    """In the vault's own database. Only the keyed fingerprint stays, nothing readable.

    None ends the hold. False: there is no such person any more.
    """
    acting.require("vault:keep")
    return store.hold_person(tx, person, until)
