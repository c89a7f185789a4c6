"""A second factor entered now, for one act: the part that such acts share."""

from datetime import datetime

import sqlalchemy as sa

from gentie.accounts import store, totp
from gentie.accounts.model import WrongCredentials
from gentie.accounts.roles import staff_of
from gentie.kernel.actor import Actor
from gentie.kernel.ids import StaffId


def use_fresh_factor(
    tx: sa.Connection, code: str, *, factor_key: bytes, acting: Actor, now: datetime
) -> StaffId:
    """Use a code up. `count_own_factor_try` has counted this try before.

    Raises:
        WrongCredentials: not staff, a wrong code, or one that was used before.
    """
    member = staff_of(acting.id)
    factor = store.find_factor(tx, member) if member else None
    if member is None or factor is None:
        raise WrongCredentials
    secret = totp.decrypt(factor.totp, key=factor_key, holder=member)
    counter = totp.matching_counter(secret, code.strip(), after=factor.totp_counter, now=now)
    if counter is None:
        raise WrongCredentials
    store.set_factor(tx, member, counter=counter, failures=0, wait=None)
    return member
