"""Counting tries of a second factor: the part that every door to one has in common."""

from datetime import datetime

import sqlalchemy as sa

from gentie.accounts import store
from gentie.accounts.model import FACTOR_TRIES, FACTOR_WAIT, SecondFactorWait, WrongCredentials
from gentie.accounts.roles import staff_of
from gentie.kernel.ids import ActorId


def count_try(tx: sa.Connection, holder: ActorId | None, *, now: datetime) -> None:
    """Count one try of a staff member's second factor.

    After `FACTOR_TRIES` wrong codes in a row nobody gets in for `FACTOR_WAIT`.

    Raises:
        WrongCredentials: nobody's, or somebody's who has no second factor.
        SecondFactorWait: with `retry_after` in seconds.
    """
    member = staff_of(holder) if holder else None
    factor = store.find_factor(tx, member) if member else None
    if member is None or factor is None:
        raise WrongCredentials
    if factor.wait_until and now < factor.wait_until:
        raise SecondFactorWait(retry_after=int((factor.wait_until - now).total_seconds()) + 1)
    tries = 1 if factor.wait_until else factor.failures + 1
    wait = now + FACTOR_WAIT if tries >= FACTOR_TRIES else None
    store.set_factor(tx, member, counter=factor.totp_counter, failures=tries, wait=wait)
