"""Let a staff member go."""

from datetime import datetime

import sqlalchemy as sa

from gentie.accounts import store
from gentie.accounts.model import NoSuchStaff
from gentie.accounts.roles import staff_actor_id
from gentie.kernel.actor import Actor
from gentie.kernel.ids import StaffId


def end_staff(tx: sa.Connection, member: StaffId, *, acting: Actor, now: datetime) -> int:
    """Take all scopes away and end all sessions at once. Returns how many were open.

    Raises:
        NoSuchStaff: there is none with this id.
    """
    acting.require("staff:manage")
    if not store.end_staff(tx, member):
        raise NoSuchStaff(staff=member)
    return store.end_sessions_of(tx, staff_actor_id(member), now=now)
