"""Reading decisions: for the person concerned, for precedents, for the public page."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from gentie.decisions.model import Kept, Measure, NoSuchDecision, Notice
from gentie.decisions.rows import kept_of, notice_of
from gentie.decisions.tables import confirmations, decisions, notices, reversals
from gentie.kernel.chance import first_id_of
from gentie.kernel.ids import AccountId, CommentId, DecisionId, SiteId, ThreadId
from gentie.storage.schema import Id

_WITH_REVERSAL = sa.select(decisions, reversals.c.by_decision).select_from(
    decisions.outerjoin(reversals, reversals.c.decision_id == decisions.c.id)
)
_GET = _WITH_REVERSAL.where(decisions.c.id == sa.bindparam("decision"))
_ON = _WITH_REVERSAL.where(
    decisions.c.thread == sa.bindparam("thread"), decisions.c.comment == sa.bindparam("comment")
).order_by(decisions.c.id)
_OF_AUTHOR = (  # scatter: a person's own history, asked for rarely
    _WITH_REVERSAL.where(
        decisions.c.author == sa.bindparam("author"),
        decisions.c.measure.not_in(["publish", "recall"]),
    )
    .order_by(decisions.c.id.desc())
    .limit(sa.bindparam("most", type_=sa.Integer))
)
_PRECEDENTS = (
    _WITH_REVERSAL.where(
        decisions.c.site_id == sa.bindparam("site"),
        decisions.c.class_id == sa.bindparam("class_id"),
    )
    .order_by(decisions.c.id.desc())
    .limit(sa.bindparam("most", type_=sa.Integer))
)
_RECORD = (
    _WITH_REVERSAL.where(
        sa.or_(
            sa.bindparam("site", type_=sa.Text).is_(None),
            decisions.c.site_id == sa.bindparam("site"),
        ),
        sa.or_(
            sa.bindparam("measure", type_=sa.Text).is_(None),
            decisions.c.measure == sa.bindparam("measure"),
        ),
        sa.or_(
            sa.bindparam("class_id", type_=sa.Text).is_(None),
            decisions.c.class_id == sa.bindparam("class_id"),
        ),
        sa.type_coerce(decisions.c.id, sa.BigInteger) < sa.bindparam("before", type_=sa.BigInteger),
    )
    .order_by(decisions.c.id.desc())
    .limit(sa.bindparam("most", type_=sa.Integer))
)
_LONE = (
    _WITH_REVERSAL.outerjoin(confirmations, confirmations.c.decision_id == decisions.c.id)
    .where(
        decisions.c.confirm_before > sa.bindparam("now"),
        confirmations.c.decision_id.is_(None),
        reversals.c.decision_id.is_(None),
        sa.or_(
            sa.bindparam("site", type_=sa.Text).is_(None),
            decisions.c.site_id == sa.bindparam("site"),
        ),
    )
    .order_by(decisions.c.confirm_before)
    .limit(100)
)
_NOTICES = (
    sa.select(notices)
    .where(notices.c.account_id == sa.bindparam("account"))
    .order_by(notices.c.id.desc())
    .limit(100)
)
_UNSEEN = (
    sa.select(sa.func.count())
    .select_from(notices)
    .where(notices.c.account_id == sa.bindparam("account"), notices.c.seen_at.is_(None))
)
_COUNTS = (
    sa.select(decisions.c.measure, sa.func.count().label("n"))
    .where(
        decisions.c.id >= sa.bindparam("first", type_=Id),
        decisions.c.site_id == sa.bindparam("site"),
        decisions.c.decided_at >= sa.bindparam("since"),
    )
    .group_by(decisions.c.measure)
)


def get(tx: sa.Connection, decision: DecisionId) -> Kept:
    """Raises NoSuchDecision."""
    row = tx.execute(_GET, {"decision": decision}).one_or_none()
    if row is None:
        raise NoSuchDecision
    return kept_of(row)


def decisions_on(tx: sa.Connection, thread: ThreadId, comment: CommentId) -> list[Kept]:
    """Everything decided on one contribution, oldest first."""
    return _all(tx, _ON, thread=thread, comment=comment)


def decisions_about(tx: sa.Connection, author: AccountId, *, most: int = 20) -> list[Kept]:
    """What was refused, removed or restored of a person, newest first."""
    return _all(tx, _OF_AUTHOR, author=author, most=most)


def precedents(tx: sa.Connection, site: SiteId, class_id: str, *, most: int = 5) -> list[Kept]:
    """Earlier decisions on the same ground, newest first."""
    return _all(tx, _PRECEDENTS, site=site, class_id=class_id, most=most)


def record(
    tx: sa.Connection,
    site: SiteId | None,
    *,
    measure: Measure | None,
    class_id: str | None,
    before: int | None,
    most: int = 50,
) -> list[Kept]:
    """What was decided, newest first. `before` is the id of the last one seen."""
    facts = {
        "site": site,
        "measure": measure and measure.value,
        "class_id": class_id,
        "before": (1 << 63) - 1 if before is None else before,
        "most": most,
    }
    return _all(tx, _RECORD, **facts)


def unconfirmed(tx: sa.Connection, site: SiteId | None, *, now: datetime) -> list[Kept]:
    """What a lone staff member decided and somebody else may still confirm, ending first first."""
    return _all(tx, _LONE, site=site, now=now)


def notices_of(tx: sa.Connection, account: AccountId) -> list[Notice]:
    """The latest hundred notices, newest first."""
    return [notice_of(row) for row in tx.execute(_NOTICES, {"account": account})]


def count_unseen(tx: sa.Connection, account: AccountId) -> int:
    """How many notices nobody has marked as seen."""
    return tx.scalar(_UNSEEN, {"account": account}) or 0


def counts_since(tx: sa.Connection, site: SiteId, since: datetime) -> dict[str, int]:
    """How often each measure was taken on a site since a moment."""
    facts = {"site": site, "since": since, "first": first_id_of(since)}
    return {row.measure: row.n for row in tx.execute(_COUNTS, facts)}


def _all(tx: sa.Connection, statement: sa.Select[Any], **facts: object) -> list[Kept]:
    return [kept_of(row) for row in tx.execute(statement, facts)]
