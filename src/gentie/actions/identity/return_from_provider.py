"""Come back from an identity provider: each way out leads back once."""

from datetime import datetime

import sqlalchemy as sa

from gentie.accounts import store
from gentie.accounts.model import Attempt, AttemptInvalid
from gentie.kernel.actor import Actor


def return_from_provider(
    tx: sa.Connection, ticket: str, *, acting: Actor, now: datetime
) -> Attempt:
    """Use the attempt up before the provider is asked, so that a callback counts once.

    Raises:
        AttemptInvalid: unknown, too late, used already, or another account's.
    """
    acting.require("identity:verify")
    attempt = store.find_attempt(tx, ticket)
    if attempt is None or attempt.used_at is not None or attempt.expires_at <= now:
        raise AttemptInvalid
    if attempt.account != acting.account:
        raise AttemptInvalid
    store.use_attempt(tx, ticket, now=now)
    return attempt
