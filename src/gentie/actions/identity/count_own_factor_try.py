"""Count a try of one's own second factor, entered again for one act."""

from datetime import datetime

import sqlalchemy as sa

from gentie.actions.factor import count_try
from gentie.kernel.actor import Actor


def count_own_factor_try(tx: sa.Connection, *, acting: Actor, now: datetime) -> None:
    """Count one try, in a transaction of its own, so that it survives the refusal that follows.

    Raises:
        WrongCredentials: only staff have a second factor.
        SecondFactorWait: with `retry_after` in seconds.
    """
    acting.require("session:self")
    count_try(tx, acting.id, now=now)
