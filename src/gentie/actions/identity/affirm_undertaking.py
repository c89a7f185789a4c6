"""Promise anew to keep to the agreement, after a measure."""

from datetime import datetime

import sqlalchemy as sa

from gentie.catalogue import fulfils
from gentie.kernel.actor import Actor
from gentie.standing import store


@fulfils("2017-6.2a")
def affirm_undertaking(tx: sa.Connection, *, acting: Actor, now: datetime) -> int:
    """Note it for every measure of which the person has been told. Returns how many. Again: none.

    No word on whether a measure was right: each can be appealed as before.

    Raises MayNot.
    """
    acting.require("account:self")
    return store.affirm(tx, acting.account, now=now)
