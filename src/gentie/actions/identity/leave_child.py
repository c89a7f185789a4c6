"""Take a guardian's consent back."""

from datetime import datetime

import sqlalchemy as sa

from gentie.accounts.minors import store
from gentie.kernel.actor import Actor
from gentie.kernel.ids import AccountId


def leave_child(tx: sa.Connection, child: AccountId, *, acting: Actor, now: datetime) -> bool:
    """The child is read-only from now on, unless somebody else answers. False: nothing stood."""
    acting.require("identity:verify")
    return store.revoke(tx, child, acting.account, now=now)
