"""Look again at somebody who may not come back, and find that it is still needed."""

from datetime import datetime

import sqlalchemy as sa

from gentie.catalogue import fulfils
from gentie.kernel.actor import Actor
from gentie.kernel.ids import DecisionId
from gentie.standing import rules, store
from gentie.standing.model import Bar


@fulfils("2017-9.1c", "2022-8.c")
def renew_bar(tx: sa.Connection, decision: DecisionId, *, acting: Actor, now: datetime) -> Bar:
    """Let a bar go on to its next review. Without this it ends at the review by itself.

    Raises:
        MayNot: also for those who work for one site only: a bar holds everywhere.
        NoSuchBar: unknown, or it has ended.
    """
    acting.require("measure:senior")
    if acting.site is not None:
        acting.require("measure:everywhere")
    renewed = rules.renew(store.find_bar(tx, decision), by=acting.id, now=now)
    store.renew(tx, renewed)
    return renewed
