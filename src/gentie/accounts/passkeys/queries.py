"""Reading passkeys."""

import msgspec
import sqlalchemy as sa

from gentie.accounts.passkeys.model import Passkey
from gentie.accounts.tables import passkeys
from gentie.kernel.ids import AccountId

PASSKEYS = sa.select(
    passkeys.c.account_id.label("account"),
    passkeys.c.credential,
    passkeys.c.public_key,
    passkeys.c.sign_count,
    passkeys.c.label,
    passkeys.c.added_at,
    passkeys.c.used_at,
).where(passkeys.c.account_id == sa.bindparam("account"))
_ALL = PASSKEYS.order_by(passkeys.c.added_at)
_ONE = PASSKEYS.where(passkeys.c.credential == sa.bindparam("credential"))


def passkeys_of(tx: sa.Connection, account: AccountId) -> list[Passkey]:
    """In the order in which they were added."""
    rows = tx.execute(_ALL, {"account": account})
    return [msgspec.convert(row, Passkey, from_attributes=True) for row in rows]


def find_passkey(tx: sa.Connection, account: AccountId, credential: str) -> Passkey | None:
    row = tx.execute(_ONE, {"account": account, "credential": credential}).one_or_none()
    return None if row is None else msgspec.convert(row, Passkey, from_attributes=True)
