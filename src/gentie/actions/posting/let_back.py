"""Let somebody back whom one kept away."""

from datetime import datetime

import sqlalchemy as sa

from gentie.boundaries import store
from gentie.boundaries.model import NoSuchPerson
from gentie.kernel.actor import Actor
from gentie.kernel.ids import AccountId


def let_back(tx: sa.Connection, person: AccountId, *, acting: Actor, now: datetime) -> None:
    """Raises MayNot, NoSuchPerson: they were not kept away."""
    acting.require("account:self")
    if not store.let_back(tx, acting.account, person):
        raise NoSuchPerson
