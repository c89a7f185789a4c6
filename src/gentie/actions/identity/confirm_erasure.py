"""Note that a person's keys are gone."""

from datetime import datetime

import sqlalchemy as sa

from gentie.kernel.actor import Actor
from gentie.vault import store


def confirm_erasure(tx: sa.Connection, person: str, *, acting: Actor, now: datetime) -> None:
    """The last of three steps: intent, destruction, confirmation."""
    acting.require("job:run")
    store.confirm_erasure(tx, person, now=now)
