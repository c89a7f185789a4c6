"""Forget how somebody could be reached elsewhere: their name has an owner now, or none."""

from datetime import datetime

import sqlalchemy as sa

from gentie.kernel.actor import Actor
from gentie.vault import store
from gentie.vault.model import Gone


def drop_contact(tx: sa.Connection, author: str, *, acting: Actor, now: datetime) -> None:
    """In the vault's own database. Doing it again does no harm.

    Raises:
        MayNot: nothing was changed.
    """
    acting.require("vault:keep")
    gone = store.drop_contact(tx, author)
    store.enter_gone(tx, Gone(data="archive_contact", rows=gone, at=now))
