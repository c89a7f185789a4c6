"""Nothing is kept longer than the inventory says, and what was deleted has its proof."""

from datetime import datetime, timedelta
from functools import cache
from typing import Any, Final

import sqlalchemy as sa

from gentie.accounts import tables as accounts
from gentie.boundaries import tables as boundaries
from gentie.catalogue.regimes import Regime
from gentie.checks.asking import MOST
from gentie.checks.model import Finding, Violation
from gentie.checks.registry import live_check
from gentie.comments.parts import NO_PARTS
from gentie.comments.tables import comments, revisions
from gentie.decisions import tables as decisions
from gentie.ledger.tables import leaves
from gentie.mail import tables as mail
from gentie.privacy import tables as privacy
from gentie.privacy.inventory import load_inventory
from gentie.privacy.model import Ends, Record
from gentie.sites.model import Site
from gentie.storage import idempotency
from gentie.storage.schema import metadata
from gentie.visits import tables as visits

GRACE: Final = timedelta(days=1)
"""For the job that runs every hour, and for one that was down for a night."""
WITHDRAWN: Final = timedelta(days=60)
DECIDED: Final = timedelta(days=1096)
LOADED: Final = (
    accounts.sessions,
    boundaries.evidence,
    decisions.notices,
    idempotency.keys,
    mail.letters,
    visits.visits,
    privacy.leak_persons,
)
"""Named so that their rooms are loaded: `metadata` knows the tables that somebody imported."""
_HELD: Final = (
    sa.select(privacy.holds.c.account)
    .where(privacy.holds.c.ended_at.is_(None), privacy.holds.c.until > sa.bindparam("now"))
    .scalar_subquery()
)


def _whose(table: sa.Table) -> sa.Column[str] | None:
    names = [name for name in ("account_id", "account", "holder") if name in table.c]
    return table.c[names[0]] if names else None


def _older(record: Record) -> sa.Select[Any]:
    """How many rows of a record are over: by a column, or by the closing of their account."""
    table = metadata.tables[record.table]
    since, whose = table.c[record.since], _whose(table)
    asked = sa.select(sa.func.count()).select_from(table)
    if load_inventory().retentions[record.retention].ends is Ends.CLOSING:
        closed = sa.select(privacy.closures.c.account_id).where(
            privacy.closures.c.closed_at < sa.bindparam("before")
        )
        asked = asked.where(table.c.account_id.in_(closed))
    else:
        asked = asked.where(since < sa.bindparam("before"))
    if record.table == "mail_letter":
        asked = asked.where(table.c.state != "waiting")
    return asked if whose is None else asked.where(whose.not_in(_HELD))


@cache
def _records() -> dict[str, tuple[sa.Select[Any], sa.Select[Any], timedelta]]:
    """What is over and how much there is, of every record with a number of days, by table."""
    inventory = load_inventory()
    return {
        one.table: (
            _older(one),
            sa.select(sa.func.count()).select_from(metadata.tables[one.table]),
            timedelta(days=inventory.retentions[one.retention].days),
        )
        for one in inventory.records
        if one.since and one.where == "main"
    }


_OVER: Final = (
    sa.select(sa.func.count())
    .select_from(
        revisions.join(
            comments,
            sa.and_(
                comments.c.thread_id == revisions.c.thread_id,
                comments.c.id == revisions.c.comment_id,
            ),
        )
    )
    .where(
        sa.or_(revisions.c.source != "", revisions.c.parts != NO_PARTS),
        comments.c.author_id.not_in(_HELD),
        sa.or_(
            sa.and_(
                comments.c.state == "withdrawn", comments.c.hidden_at < sa.bindparam("withdrawn")
            ),
            sa.and_(
                comments.c.state.in_(("refused", "removed")),
                sa.func.coalesce(comments.c.hidden_at, comments.c.created_at)
                < sa.bindparam("decided"),
            ),
        ),
    )
)
_TEXTS: Final = sa.select(sa.func.count()).select_from(revisions)
_PROOFS: Final = sa.select(sa.func.count()).select_from(privacy.deletions)
_UNPROVEN: Final = sa.select(privacy.deletions.c.id).where(
    ~sa.exists().where(leaves.c.id == privacy.deletions.c.leaf)
)


@live_check(
    "2017-8.c",
    "2022-7.c",
    zh="没有任何个人信息超过清单写明的期限（法定保留除外）",
    en="Nothing of a person is older than the inventory says, but for what is under a legal hold",
)
def nothing_outlives_its_retention(
    tx: sa.Connection, site: Site, regime: Regime, *, now: datetime
) -> Finding:
    """Of the whole service: data about people belongs to no site."""
    examined, found = 0, []
    for name, (older, all_of, days) in _records().items():
        examined += tx.scalar(all_of) or 0
        count = tx.scalar(older, {"before": now - days - GRACE, "now": now}) or 0
        found += [Violation(str(count), name)] if count else []
    examined += tx.scalar(_TEXTS) or 0
    facts = {"withdrawn": now - WITHDRAWN - GRACE, "decided": now - DECIDED - GRACE, "now": now}
    count = tx.scalar(_OVER, facts) or 0
    found += [Violation(str(count), "revision")] if count else []
    return Finding(examined=examined, violations=tuple(found[:MOST]))


@live_check(
    "2017-8.c",
    "2022-7.c",
    zh="每次按期删除都有公开日志中的证明",
    en="Each deletion that was due has its proof in the public log",
)
def deletions_are_proven(
    tx: sa.Connection, site: Site, regime: Regime, *, now: datetime
) -> Finding:
    examined = tx.scalar(_PROOFS) or 0
    broken = tx.scalars(_UNPROVEN.limit(MOST)).all()
    return Finding(examined=examined, violations=tuple(Violation(str(one)) for one in broken))
