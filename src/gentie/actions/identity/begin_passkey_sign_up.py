"""Ask a device for the passkey of an account that is to be opened."""

from datetime import datetime

import sqlalchemy as sa

from gentie.accounts.passkeys import rules, store
from gentie.kernel.actor import Actor
from gentie.kernel.chance import new_account_id
from gentie.kernel.ids import AccountId

NEW = "new/"
"""Before the id of an account that is not there yet: no challenge of an account is good for it."""


def begin_passkey_sign_up(
    tx: sa.Connection, challenge: str, *, acting: Actor, now: datetime
) -> AccountId:
    """Keep the digest of what the device has to sign, and give out the id it keeps with the key.

    Good for 5 minutes, once. Raises MayNot.
    """
    acting.require("account:open")
    account = new_account_id()
    store.add_challenge(tx, challenge, NEW + account, until=now + rules.TERM)
    return account
