"""Count a try of one's own second factor, entered again for one act."""

from datetime import datetime

import sqlalchemy as sa

from gentie.accounts import store
from gentie.accounts.model import FACTOR_TRIES, FACTOR_WAIT, SecondFactorWait, WrongCredentials
from gentie.accounts.roles import staff_of
from gentie.kernel.actor import Actor


def count_own_factor_try(tx: sa.Connection, *, acting: Actor, now: datetime) -> None:
    """Count one try, in a transaction of its own, so that it survives the refusal that follows.

    Raises:
        WrongCredentials: only staff have a second factor.
        SecondFactorWait: with `retry_after` in seconds.
    """
    acting.require("session:self")
    member = staff_of(acting.id)
    factor = store.find_factor(tx, member) if member else None
    if member is None or factor is None:
        raise WrongCredentials
    if factor.wait_until and now < factor.wait_until:
        raise SecondFactorWait(retry_after=int((factor.wait_until - now).total_seconds()) + 1)
    tries = 1 if factor.wait_until else factor.failures + 1
    wait = now + FACTOR_WAIT if tries >= FACTOR_TRIES else None
    store.set_factor(tx, member, counter=factor.totp_counter, failures=tries, wait=wait)
