"""What a decision does to its author's credit, where the regime keeps any."""

from datetime import datetime

import sqlalchemy as sa

from gentie.accounts.minors.queries import is_minor
from gentie.catalogue import fulfils
from gentie.catalogue.regimes import Regime
from gentie.decisions.model import Automation, Decision, Measure
from gentie.kernel.chance import new_id
from gentie.standing import store
from gentie.standing.credit import LOST, points_for
from gentie.standing.model import CreditEvent, CreditKind

_KINDS = {Measure.REFUSE: CreditKind.REFUSED, Measure.REMOVE: CreditKind.REMOVED}


@fulfils("2017-9.1a", "2022-8.a")
def credit_decision(
    tx: sa.Connection, decision: Decision, regime: Regime, *, now: datetime
) -> None:
    """Note what a decision costs, or that one which cost something has been overturned.

    A machine's finding costs nothing, and a minor pays with the comment alone. Repairing does not
    ask whether credit is still kept.
    """
    if decision.reverses is not None:
        kinds = store.credit_kinds_on(tx, decision.target.author, decision.reverses)
        if kinds & LOST and CreditKind.REPAIRED not in kinds:
            store.note_credit(tx, _event(decision, CreditKind.REPAIRED, 0, now=now))
        return
    kind, ground = _KINDS.get(decision.measure), decision.ground
    if kind is None or ground is None or decision.automation is Automation.FULL:
        return
    if regime.credit is not None and not is_minor(tx, decision.target.author):
        lost = points_for(ground.tier, regime.credit)
        store.note_credit(tx, _event(decision, kind, lost, now=now))


def _event(decision: Decision, kind: CreditKind, points: int, *, now: datetime) -> CreditEvent:
    return CreditEvent(
        id=new_id(),
        account=decision.target.author,
        site=decision.target.site,
        kind=kind,
        decision=decision.reverses if kind is CreditKind.REPAIRED else decision.id,
        points=points,
        policy=decision.policy,
        at=now,
    )
