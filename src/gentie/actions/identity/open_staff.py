"""Take in a staff member."""

from datetime import datetime

import msgspec
import sqlalchemy as sa

from gentie.accounts import store, totp
from gentie.accounts.model import Role, Staff
from gentie.accounts.names import clean_name, name_key
from gentie.kernel.actor import Actor
from gentie.kernel.chance import new_id
from gentie.kernel.ids import SiteId, StaffId


class NewStaff(msgspec.Struct, frozen=True, kw_only=True):
    """Who to take in."""

    name: str
    """Signed in with and shown inside; never outside."""
    role: Role
    stored: str
    """The password as `accounts.passwords.hash_password` gives it."""
    factor: bytes
    """The shared secret of the second factor, from `accounts.totp.new_factor`."""
    outside: bool = False
    site: SiteId | None = None


def open_staff(
    tx: sa.Connection, new: NewStaff, *, factor_key: bytes, acting: Actor, now: datetime
) -> Staff:
    """Take in a staff member, who signs in with password and second factor from now on.

    Raises:
        BadName, NameTaken: nothing was changed.
    """
    acting.require("staff:manage", site=new.site)
    name, number = clean_name(new.name), StaffId(new_id())
    member = Staff(
        id=number, name=name, role=new.role, active=True, outside=new.outside, site=new.site
    )
    store.add_staff(tx, member, now=now)
    sealed = totp.encrypt(new.factor, key=factor_key, holder=number)
    store.add_staff_secret(tx, number, name_key=name_key(name), stored=new.stored, totp=sealed)
    return member
