"""Revoke the verification of an account."""

from datetime import datetime

import sqlalchemy as sa

from gentie.accounts import store
from gentie.catalogue import fulfils
from gentie.kernel.actor import Actor
from gentie.kernel.ids import AccountId


@fulfils("2017-5.1c", "2022-4.1c")
def revoke_verification(
    tx: sa.Connection, account: AccountId, *, why: str, acting: Actor, now: datetime
) -> bool:
    """Make the account read-only until it is verified again. False: nothing counted any more.

    Raises:
        NoSuchAccount: there is none with this id.
    """
    acting.require("identity:revoke")
    store.get_poster(tx, account)
    return store.revoke_verifications(tx, account, why=why, now=now) > 0
