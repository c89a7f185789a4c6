"""See to it that nobody is known by an old index key alone before it is given up."""

from datetime import datetime

import sqlalchemy as sa

from gentie.kernel.actor import Actor
from gentie.vault import queries, store
from gentie.vault.model import KeyInUse


def retire_index_key(tx: sa.Connection, version: int, *, acting: Actor, now: datetime) -> int:
    """Drop the marks under `version` of persons who have newer ones. Returns how many.

    `tx` is the vault's. Who has not been verified since the rotation, or may not return and has
    erased the rest, is known by the old mark only: it waits for them.

    Raises:
        KeyInUse: with how many persons that is.
    """
    acting.require("vault:keep")
    alone = queries.known_by_alone(tx, version)
    if alone:
        raise KeyInUse(persons=alone)
    gone = store.forget_marks(tx, version)
    reference = f"index-retired:{version}"
    store.enter(tx, reference=reference, event="index-retired", record="", now=now)
    return gone
