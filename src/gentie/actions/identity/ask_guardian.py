"""A child asks their guardian: a link that the guardian opens in a browser of their own."""

from datetime import datetime

import sqlalchemy as sa

from gentie.accounts.minors import store
from gentie.kernel.actor import Actor
from gentie.kernel.chance import new_secret


def ask_guardian(tx: sa.Connection, *, acting: Actor, now: datetime) -> str:
    """Return the secret of a link that is good once, for a week. Kept nowhere. Raises MayNot."""
    acting.require("identity:verify")
    code = new_secret()
    store.add_link(tx, code, acting.account, now=now)
    return code
