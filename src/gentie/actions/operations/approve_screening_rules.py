"""Put drafted screening rules into force: an automatic pass is only as good as who approved it."""

from datetime import datetime

import sqlalchemy as sa

from gentie import ledger
from gentie.catalogue import fulfils
from gentie.kernel.actor import Actor
from gentie.kernel.chance import new_salt
from gentie.kernel.clock import hour_of
from gentie.screening import rules, store
from gentie.screening.events import RulesApproved
from gentie.screening.model import RuleSetVersion


@fulfils("2017-5.5d")
def approve_screening_rules(
    tx: sa.Connection, version: int, *, acting: Actor, now: datetime
) -> RuleSetVersion:
    """Put a draft into force in place of what is live, and say so in the public log.

    The leaf says which version and when; who wrote it and its words stay behind a commitment.

    Raises:
        MayNot, NoSuchRules, NotADraft, NeedsAnotherApprover: nothing was changed.
    """
    acting.require("rules:approve")
    live = rules.approve(store.get_rules(tx, version), by=acting.id, now=now)
    record, salt = RulesApproved.of(live, by=acting.id, at=now), new_salt()
    leaf = ledger.Leaf(
        kind="rule",
        hour=hour_of(now),
        site="",
        measure="approve",
        rule=live.name,
        role=acting.role,
        record=ledger.commitment(record, salt),
    )
    store.put_live(tx, live, record=record, salt=salt, leaf=ledger.append(tx, leaf, now=now))
    return live
