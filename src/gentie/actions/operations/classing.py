"""How a thread's class and mode are kept and logged: the part that its acts share."""

from datetime import datetime

import sqlalchemy as sa

from gentie import ledger
from gentie.kernel.actor import Actor
from gentie.kernel.chance import new_salt
from gentie.kernel.clock import hour_of
from gentie.sites import store
from gentie.sites.model import ClassChange, Thread


def log_class(
    tx: sa.Connection, thread: Thread, *, reason: str, acting: Actor, now: datetime
) -> None:
    """Keep who made a thread what it is, and commit to it in the public log."""
    change = ClassChange(
        thread=thread.id,
        kind=thread.kind,
        mode=thread.mode,
        reason=reason.strip(),
        by=acting.id,
        by_role=acting.role or acting.kind.value,
        at=now,
    )
    salt = new_salt()
    leaf = ledger.Leaf(
        kind="switch",
        hour=hour_of(now),
        site=thread.site,
        measure=f"class:{thread.kind.value}/{thread.mode.value}",
        role=change.by_role,
        record=ledger.commitment(change, salt),
    )
    store.note_class(tx, change, salt=salt, leaf=ledger.append(tx, leaf, now=now))
