"""Forget how somebody could be reached elsewhere: their name has an owner now, or none."""

from datetime import datetime

import sqlalchemy as sa

from gentie.kernel.actor import Actor
from gentie.vault import store


def drop_contact(tx: sa.Connection, author: str, *, acting: Actor, now: datetime) -> None:
    """In the vault's own database. Doing it again does no harm.

    Raises:
        MayNot: nothing was changed.
    """
    acting.require("vault:keep")
    store.drop_contact(tx, author)
