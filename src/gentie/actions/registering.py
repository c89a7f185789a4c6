"""A line in a register of the operator: committed to in the public log, which does not say which.

A leaf that said *leak* would tell whoever caused it, and everybody else, before anything is mended.
"""

from datetime import datetime

import msgspec
import sqlalchemy as sa

from gentie import ledger
from gentie.catalogue import fulfils
from gentie.kernel.chance import new_salt
from gentie.kernel.clock import hour_of


class Registered(msgspec.Struct, frozen=True, kw_only=True):
    """What the store keeps beside a line."""

    salt: bytes
    commitment: str
    leaf: str


@fulfils("2017-5.2a", "2022-4.2a")
def register(tx: sa.Connection, line: msgspec.Struct, *, now: datetime) -> Registered:
    """Enter the commitment to a line; who changes or drops the line later is found out."""
    salt = new_salt()
    record = ledger.commitment(line, salt)
    leaf = ledger.Leaf(kind="register", hour=hour_of(now), site="", record=record)
    return Registered(salt=salt, commitment=record, leaf=ledger.append(tx, leaf, now=now))
