"""Count a try of a second factor, so that guessing has an end."""

from datetime import datetime

import sqlalchemy as sa

from gentie.accounts.model import Credentials
from gentie.actions.factor import count_try
from gentie.kernel.actor import Actor


def count_factor_try(
    tx: sa.Connection, proven: Credentials | None, *, acting: Actor, now: datetime
) -> None:
    """Count one try, in a transaction of its own, so that it survives the refusal that follows.

    After `FACTOR_TRIES` wrong codes in a row nobody gets in for `FACTOR_WAIT`.

    Raises:
        WrongCredentials: the password was wrong already; no code is looked at.
        SecondFactorWait: with `retry_after` in seconds.
    """
    acting.require("account:open")
    count_try(tx, proven.holder if proven else None, now=now)
