"""Add a passkey to one's own account."""

from datetime import datetime

import sqlalchemy as sa

from gentie.accounts.model import Credentials
from gentie.accounts.passkeys import rules, store
from gentie.accounts.passkeys.model import Made, Passkey, PasskeyWrong
from gentie.actions.knowing import require_known
from gentie.kernel.actor import Actor


def add_passkey(
    tx: sa.Connection,
    made: Made,
    *,
    label: str,
    proven: Credentials | None,
    acting: Actor,
    now: datetime,
) -> Passkey:
    """Add what a device has made, if its challenge was given to this account and is fresh.

    `proven` is what the password was found to fit, where the account has one.

    Raises:
        MayNot, WrongCredentials, TooManyPasskeys, PasskeyWrong: nothing was added.
    """
    acting.require("account:self")
    require_known(tx, proven, acting=acting)
    rules.require_room(len(store.counts_of(tx, acting.account)))
    if not store.use_challenge(tx, made.challenge, acting.account, now=now):
        raise PasskeyWrong
    passkey = Passkey(
        account=acting.account,
        credential=made.credential,
        public_key=made.public_key,
        sign_count=made.sign_count,
        label=label,
        added_at=now,
        used_at=None,
    )
    if not store.add_passkey(tx, passkey):
        raise PasskeyWrong
    return passkey
