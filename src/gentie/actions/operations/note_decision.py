"""A decision was made about what a person wrote: they may want a letter about it."""

from datetime import datetime

import sqlalchemy as sa

from gentie.actions.operations.gathering import gather
from gentie.kernel.actor import Actor
from gentie.kernel.ids import AccountId, DecisionId
from gentie.mail.model import LetterKind


def note_decision(
    tx: sa.Connection, decision: DecisionId, account: AccountId, *, acting: Actor, now: datetime
) -> None:
    """Raises MayNot."""
    acting.require("job:run")
    gather(tx, account, LetterKind.DECISIONS, decision, thread=None, now=now)
