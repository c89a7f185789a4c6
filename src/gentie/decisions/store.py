"""The SQL of decisions that writes or locks."""

from datetime import datetime

import msgspec
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from gentie.decisions.model import AlreadyReversed, Decision, Kept, NoSuchDecision
from gentie.decisions.rows import kept_of
from gentie.decisions.tables import decisions, notices, reversals
from gentie.kernel.chance import new_id
from gentie.kernel.ids import AccountId, DecisionId
from gentie.storage.prepared import Prepared

_ADD = Prepared(decisions.insert())
_GET = (
    sa.select(decisions, reversals.c.by_decision)
    .select_from(decisions.outerjoin(reversals, reversals.c.decision_id == decisions.c.id))
    .where(decisions.c.id == sa.bindparam("decision"))
    .with_for_update(of=decisions)
)
_REVERSE = reversals.insert()
_NOTIFY = notices.insert()
_SEEN = (
    notices.update()
    .where(
        notices.c.account_id == sa.bindparam("b_account"),
        notices.c.id <= sa.bindparam("b_upto"),
        notices.c.seen_at.is_(None),
    )
    .values(seen_at=sa.bindparam("at"))
)


def add(tx: sa.Connection, kept: Kept) -> None:
    """Store a decision with what opens its commitments.

    Raises:
        AlreadyReversed: it reverses one that another decision has reversed before.
    """
    decision, ground = kept.decision, kept.decision.ground
    row = {
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
        "decided_by": kept.decided_by,
        "decider_key": kept.decider_key,
        "role": decision.role,
        "regime": decision.regime,
        "policy": decision.policy,
        "decided_at": decision.decided_at,
        "confirm_before": decision.confirm_before,
        "reverses": decision.reverses,
        "record": msgspec.json.encode(decision),
        "salt": kept.salt,
        "commitment": kept.record,
        "leaf": kept.leaf,
    }
    _ADD.run(tx, row)
    if decision.reverses is not None:
        _reverse(tx, decision.reverses, decision.id)


def get(tx: sa.Connection, decision: DecisionId) -> Kept:
    """Load one decision and lock it.

    Raises:
        NoSuchDecision: there is none.
    """
    row = tx.execute(_GET, {"decision": decision}).one_or_none()
    if row is None:
        raise NoSuchDecision
    return kept_of(row)


def notify(tx: sa.Connection, decision: Decision) -> None:
    """Tell the author of what was decided on, from the moment of the decision."""
    row = {
        "account_id": decision.target.author,
        "id": new_id(),
        "decision": decision.id,
        "kind": decision.measure.value,
        "about": decision.target.ref,
        "code": "",
        "created_at": decision.decided_at,
    }
    tx.execute(_NOTIFY, row)


def notify_blocked(
    tx: sa.Connection, account: AccountId, *, about: str, code: str, now: datetime
) -> None:
    """Tell an author what keeps their contribution from being published."""
    row = {
        "account_id": account,
        "id": new_id(),
        "decision": None,
        "kind": "blocked",
        "about": about,
        "code": code,
        "created_at": now,
    }
    tx.execute(_NOTIFY, row)


def mark_seen(tx: sa.Connection, account: AccountId, *, upto: str, now: datetime) -> int:
    """Mark notices up to one id as seen. Returns how many were new."""
    return tx.execute(_SEEN, {"b_account": account, "b_upto": upto, "at": now}).rowcount


def _reverse(tx: sa.Connection, earlier: DecisionId, by: DecisionId) -> None:
    try:
        with tx.begin_nested():
            tx.execute(_REVERSE, {"decision_id": earlier, "by_decision": by})
    except IntegrityError as error:
        raise AlreadyReversed from error
