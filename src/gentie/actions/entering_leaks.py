"""A line about a leak: the part that its acts share."""

from datetime import datetime

import msgspec
import sqlalchemy as sa

from gentie.actions.registering import register
from gentie.kernel.actor import Actor
from gentie.privacy.leaks import rules, store
from gentie.privacy.leaks.model import Entry, History, Step


def enter(
    tx: sa.Connection, history: History, step: Step, *, words: str, acting: Actor, now: datetime
) -> Entry:
    """Number it, decide whether it may stand, commit to it. The leak is locked.

    Raises LeakUnfit, LeakSettled.
    """
    entry = Entry(
        leak=history.leak.number,
        number=len(history.entries) + 1,
        step=step,
        words=words.strip(),
        at=now,
        by=acting.id,
        role=acting.role,
    )
    rules.require_may_enter(history, entry)
    store.enter(tx, entry, **msgspec.structs.asdict(register(tx, entry, now=now)))
    return entry
