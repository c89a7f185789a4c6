"""Reading rules, requests, holds and proofs of deletion."""

from datetime import datetime

import sqlalchemy as sa

from gentie.kernel.ids import AccountId
from gentie.privacy.model import Closure, Deleted, Hold, RightsRequest, Rules
from gentie.privacy.rows import closure_of, deleted_of, hold_of, request_of, rules_of
from gentie.privacy.tables import (
    closures,
    deletions,
    holds,
    processing_rules,
    requests,
    rules_seen,
)

_VERSIONS = sa.select(processing_rules).order_by(processing_rules.c.number.desc())
_NEWEST = _VERSIONS.limit(1)
_SEEN = sa.select(sa.func.max(rules_seen.c.number)).where(
    rules_seen.c.account_id == sa.bindparam("account")
)
_ALL_SEEN = (
    sa.select(rules_seen.c.number, rules_seen.c.at)
    .where(rules_seen.c.account_id == sa.bindparam("account"))
    .order_by(rules_seen.c.number)
)
_CLOSURE = sa.select(closures.c.closed_at, closures.c.comments, closures.c.cleared_at).where(
    closures.c.account_id == sa.bindparam("account")
)
_CLOSED_BEFORE = (
    sa.select(closures.c.account_id)
    .where(closures.c.closed_at < sa.bindparam("before"))
    .order_by(closures.c.closed_at)
    .limit(sa.bindparam("most", type_=sa.Integer))
)
_UNCLEARED = (
    sa.select(closures.c.account_id)
    .where(
        closures.c.cleared_at.is_(None),
        closures.c.account_id.not_in(sa.bindparam("held", expanding=True, type_=sa.Text)),
    )
    .limit(sa.bindparam("most", type_=sa.Integer))
)
_HELD = (
    sa.select(holds.c.account)
    .where(holds.c.ended_at.is_(None), holds.c.until > sa.bindparam("now"))
    .distinct()
)
_REQUESTS = (
    sa.select(requests)
    .where(requests.c.account == sa.bindparam("account"))
    .order_by(requests.c.received_at.desc())
)
_WAITING = (
    sa.select(requests)
    .where(requests.c.state == "received")
    .order_by(requests.c.due_at)
    .limit(sa.bindparam("most", type_=sa.Integer))
)
_ANSWERED = (
    sa.select(requests)
    .where(requests.c.state != "received")
    .order_by(requests.c.answered_at.desc())
    .limit(sa.bindparam("most", type_=sa.Integer))
)
_HOLDS = (
    sa.select(holds)
    .where(holds.c.account == sa.bindparam("account"))
    .order_by(holds.c.since.desc())
)
_STANDING = (
    sa.select(holds)
    .where(holds.c.ended_at.is_(None), holds.c.until > sa.bindparam("now"))
    .order_by(holds.c.until)
)
_DELETIONS = (
    sa.select(deletions.c.data, deletions.c.rows, deletions.c.upto, deletions.c.at)
    .order_by(deletions.c.id.desc())
    .limit(sa.bindparam("most", type_=sa.Integer))
)


def versions(tx: sa.Connection) -> list[Rules]:
    """Newest first."""
    return [rules_of(row) for row in tx.execute(_VERSIONS)]


def find_newest(tx: sa.Connection) -> Rules | None:
    row = tx.execute(_NEWEST).one_or_none()
    return None if row is None else rules_of(row)


def newest_seen(tx: sa.Connection, account: AccountId) -> int:
    """0: none yet."""
    return tx.scalar(_SEEN, {"account": account}) or 0


def all_seen(tx: sa.Connection, account: AccountId) -> list[tuple[int, datetime]]:
    return [(row.number, row.at) for row in tx.execute(_ALL_SEEN, {"account": account})]


def find_closure(tx: sa.Connection, account: AccountId) -> Closure | None:
    row = tx.execute(_CLOSURE, {"account": account}).one_or_none()
    return None if row is None else closure_of(row)


def closed_before(tx: sa.Connection, before: datetime, *, most: int = 500) -> list[AccountId]:
    rows = tx.scalars(_CLOSED_BEFORE, {"before": before, "most": most})
    return [AccountId(one) for one in rows]


def uncleared(tx: sa.Connection, held: list[str], *, most: int = 100) -> list[AccountId]:
    """Closed accounts that a hold had kept from being cleared, and keeps no longer."""
    rows = tx.scalars(_UNCLEARED, {"held": held, "most": most})
    return [AccountId(one) for one in rows]


def held_accounts(tx: sa.Connection, *, now: datetime) -> list[str]:
    """Whose data may not be deleted."""
    return list(tx.scalars(_HELD, {"now": now}))


def requests_of(tx: sa.Connection, account: AccountId) -> list[RightsRequest]:
    """Newest first."""
    return [request_of(row) for row in tx.execute(_REQUESTS, {"account": account})]


def waiting(tx: sa.Connection, *, most: int = 200) -> list[RightsRequest]:
    """What is to be answered, due first first: overdue ones stand on top."""
    return [request_of(row) for row in tx.execute(_WAITING, {"most": most})]


def answered(tx: sa.Connection, *, most: int = 50) -> list[RightsRequest]:
    """Newest answer first."""
    return [request_of(row) for row in tx.execute(_ANSWERED, {"most": most})]


def holds_of(tx: sa.Connection, account: AccountId) -> list[Hold]:
    """Newest first, the ended ones too while they are kept."""
    return [hold_of(row) for row in tx.execute(_HOLDS, {"account": account})]


def standing_holds(tx: sa.Connection, *, now: datetime) -> list[Hold]:
    """The first to end first."""
    return [hold_of(row) for row in tx.execute(_STANDING, {"now": now})]


def deletions_of(tx: sa.Connection, *, most: int = 50) -> list[Deleted]:
    """Newest first."""
    return [deleted_of(row) for row in tx.execute(_DELETIONS, {"most": most})]
