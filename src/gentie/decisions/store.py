"""The SQL of decisions that writes or locks."""

from collections.abc import Sequence
from datetime import datetime

import msgspec
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from gentie.decisions.model import AlreadyReversed, Decision, Kept, NoSuchDecision, NoticeKind
from gentie.decisions.rows import columns_of, kept_of
from gentie.decisions.tables import confirmations, decisions, notices, reversals
from gentie.kernel.chance import new_id
from gentie.kernel.ids import AccountId, ActorId, DecisionId, SiteId
from gentie.storage.prepared import Prepared

_ADD = Prepared(decisions.insert())
_GET = (
    sa.select(decisions, reversals.c.by_decision)
    .select_from(decisions.outerjoin(reversals, reversals.c.decision_id == decisions.c.id))
    .where(decisions.c.id == sa.bindparam("decision"))
    .with_for_update(of=decisions)
)
_REVERSE = reversals.insert()
_CONFIRM = confirmations.insert()
_CONFIRMED = sa.select(confirmations.c.decision_id).where(
    confirmations.c.decision_id == sa.bindparam("decision")
)
_NOTIFY = notices.insert()
_FORGET_NOTICES = notices.delete().where(
    notices.c.account_id.in_(sa.bindparam("accounts", expanding=True, type_=sa.Text))
)
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
    decision = kept.decision
    row = columns_of(decision) | {
        "decided_by": kept.decided_by,
        "seconded_by": kept.seconded_by,
        "decider_key": kept.decider_key,
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


def confirm(tx: sa.Connection, decision: DecisionId, *, by: ActorId, now: datetime) -> None:
    """Note that another person stands behind it. The caller has locked the decision."""
    tx.execute(_CONFIRM, {"decision_id": decision, "confirmed_by": by, "at": now})


def is_confirmed(tx: sa.Connection, decision: DecisionId) -> bool:
    return tx.execute(_CONFIRMED, {"decision": decision}).first() is not None


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
    _tell(tx, account, NoticeKind.BLOCKED, about, code=code, now=now)


def notify_of_leak(tx: sa.Connection, account: AccountId, leak: str, *, now: datetime) -> None:
    """Tell somebody that data of theirs got out. `leak` is its number."""
    _tell(tx, account, NoticeKind.DATA_LEAK, leak, now=now)


def notify_of_name(
    tx: sa.Connection, account: AccountId, kind: NoticeKind, *, site: SiteId, now: datetime
) -> None:
    """Tell somebody what became of comments that were imported under a name of theirs."""
    _tell(tx, account, kind, site, now=now)


def _tell(
    tx: sa.Connection,
    account: AccountId,
    kind: NoticeKind,
    about: str,
    *,
    code: str = "",
    now: datetime,
) -> None:
    row = {"account_id": account, "id": new_id(), "decision": None, "kind": kind.value}
    tx.execute(_NOTIFY, row | {"about": about, "code": code, "created_at": now})


def mark_seen(tx: sa.Connection, account: AccountId, *, upto: str, now: datetime) -> int:
    """Mark notices up to one id as seen. Returns how many were new."""
    return tx.execute(_SEEN, {"b_account": account, "b_upto": upto, "at": now}).rowcount


def forget_notices(tx: sa.Connection, accounts: Sequence[AccountId]) -> int:
    """Drop what accounts were told that were closed long ago. Returns how many."""
    return tx.execute(_FORGET_NOTICES, {"accounts": list(accounts)}).rowcount


def _reverse(tx: sa.Connection, earlier: DecisionId, by: DecisionId) -> None:
    try:
        with tx.begin_nested():
            tx.execute(_REVERSE, {"decision_id": earlier, "by_decision": by})
    except IntegrityError as error:
        raise AlreadyReversed from error
