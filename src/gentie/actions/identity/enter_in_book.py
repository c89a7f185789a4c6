"""Enter a line into the vault's own book."""

from datetime import datetime

import sqlalchemy as sa

from gentie.catalogue import fulfils
from gentie.kernel.actor import Actor
from gentie.vault import queries, rules, store
from gentie.vault.model import OVER_QUOTA


@fulfils("2017-5.2a", "2022-4.2a")
def enter_in_book(
    tx: sa.Connection,
    *,
    reference: str,
    event: str,
    record: str,
    person: str,
    bait_key: bytes,
    acting: Actor,
    now: datetime,
) -> bool:
    """Enter it once, however often the message comes. `tx` is the vault's.

    Returns whether this is an alarm: somebody reached for a person who is bait, or wanted to open
    more than may be opened.
    """
    acting.require("vault:keep")
    entered = store.enter(tx, reference=reference, event=event, record=record, now=now)
    alarm = bool(person) and queries.is_honey(tx, rules.mark_of(person, bait_key))
    if entered and alarm:
        store.enter(tx, reference=f"{reference}:alarm", event="alarm", record=record, now=now)
    return entered and (alarm or event.startswith(OVER_QUOTA))
