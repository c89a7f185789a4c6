"""Count a try of a one-time code, so that guessing has an end."""

from datetime import datetime

import sqlalchemy as sa

from gentie.accounts.codes import store as codes
from gentie.kernel.actor import Actor


def count_code_try(tx: sa.Connection, ticket: str, *, acting: Actor, now: datetime) -> None:
    """In a transaction of its own, so that it survives the refusal that follows."""
    acting.require("identity:verify")
    codes.count_try(tx, ticket)
