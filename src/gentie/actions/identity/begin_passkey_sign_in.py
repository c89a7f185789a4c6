"""Ask a device for a signature, by which somebody signs in."""

from datetime import datetime

import sqlalchemy as sa

from gentie.accounts.passkeys import rules, store
from gentie.kernel.actor import Actor


def begin_passkey_sign_in(
    tx: sa.Connection, challenge: str, *, acting: Actor, now: datetime
) -> None:
    """Keep the digest of what the device has to sign. Good for 5 minutes, once. Raises MayNot."""
    acting.require("account:open")
    store.add_challenge(tx, challenge, "", until=now + rules.TERM)
