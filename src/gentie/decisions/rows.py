"""Rows of decisions as model values."""

from typing import Any

import msgspec
import sqlalchemy as sa

from gentie.decisions.model import Decision, Kept, Notice
from gentie.kernel.ids import AccountId, ActorId, DecisionId, LeafId

_decision = msgspec.json.Decoder(Decision)


def kept_of(row: sa.Row[Any]) -> Kept:
    """Needs the columns of `decisions` and `by_decision` of an outer-joined reversal."""
    return Kept(
        decision=_decision.decode(row.record),
        decided_by=ActorId(row.decided_by),
        seconded_by=None if row.seconded_by is None else ActorId(row.seconded_by),
        decider_key=row.decider_key,
        salt=row.salt,
        leaf=LeafId(row.leaf),
        record=row.commitment,
        reversed_by=None if row.by_decision is None else DecisionId(row.by_decision),
    )


def notice_of(row: sa.Row[Any]) -> Notice:
    return Notice(
        id=row.id,
        account=AccountId(row.account_id),
        decision=None if row.decision is None else DecisionId(row.decision),
        kind=row.kind,
        about=row.about,
        code=row.code,
        created_at=row.created_at,
        seen_at=row.seen_at,
    )


def columns_of(decision: Decision) -> dict[str, Any]:
    """What its row says of the decision itself, without who decided and what opens it."""
    ground = decision.ground
    return {
        "id": decision.id,
        "site_id": decision.target.site,
        "thread": decision.target.thread,
        "comment": decision.target.comment,
        "revision": decision.target.revision,
        "author": decision.target.author,
        "measure": decision.measure.value,
        "tier": ground.tier if ground else "",
        "class_id": ground.class_id if ground else "",
        "clause": ground.clause if ground else "",
        "rule": decision.rule,
        "automation": decision.automation.value,
        "role": decision.role,
        "regime": decision.regime,
        "policy": decision.policy,
        "decided_at": decision.decided_at,
        "confirm_before": decision.confirm_before,
        "reverses": decision.reverses,
        "rests_on": decision.rests_on,
    }
