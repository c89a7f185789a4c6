"""Ask somebody's device for a new passkey."""

from datetime import datetime

import sqlalchemy as sa

from gentie.accounts.passkeys import rules, store
from gentie.kernel.actor import Actor


def begin_passkey(tx: sa.Connection, challenge: str, *, acting: Actor, now: datetime) -> None:
    """Keep the digest of what the device has to sign. Good for 5 minutes, for this account, once.

    Raises:
        MayNot: passkeys are for accounts.
        TooManyPasskeys: there is no room for one more.
    """
    acting.require("account:self")
    rules.require_room(len(store.counts_of(tx, acting.account)))
    store.add_challenge(tx, challenge, acting.account, until=now + rules.TERM)
