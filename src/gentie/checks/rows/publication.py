"""What became public: reviewed first where the regime asks, and through the one way there is."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from gentie.catalogue.regimes import Premoderation, Regime
from gentie.checks.asking import MOST, ask
from gentie.checks.model import Finding, Violation
from gentie.checks.registry import live_check
from gentie.comments.tables import comments, revisions
from gentie.decisions.tables import decisions
from gentie.review.tables import items
from gentie.sites.model import Site, ThreadClass
from gentie.sites.tables import class_changes, site_regimes

_HERE = sa.and_(
    comments.c.site_id == sa.bindparam("site"), comments.c.regime == sa.bindparam("regime")
)
_COUNT = sa.select(sa.func.count()).select_from(comments)
_PUBLISHING = decisions.c.measure.in_(["publish", "restore"])


def _no_decision(*more: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    """No decision put this revision in public in time."""
    return ~sa.exists().where(
        decisions.c.thread == revisions.c.thread_id,
        decisions.c.comment == revisions.c.comment_id,
        decisions.c.revision == revisions.c.number,
        decisions.c.decided_at <= revisions.c.published_at,
        _PUBLISHING,
        *more,
    )


_SHOWN = (
    sa.select(
        revisions.c.comment_id, revisions.c.thread_id, revisions.c.number, revisions.c.published_at
    )
    .join(
        comments,
        sa.and_(
            comments.c.thread_id == revisions.c.thread_id, comments.c.id == revisions.c.comment_id
        ),
    )
    .where(_HERE, comments.c.origin == "user", revisions.c.published_at.is_not(None))
)
"""What people wrote here. Imported archives have a check of their own (`transfers`)."""
_BY_PERSON = decisions.c.automation != "full"
_UNDECIDED = _SHOWN.where(_no_decision())
_NO_PERSON = _SHOWN.where(_no_decision(_BY_PERSON))
_CLASSES = (
    sa.select(class_changes.c.thread_id, class_changes.c.at, class_changes.c.kind)
    .where(class_changes.c.thread_id == sa.bindparam("thread"))
    .order_by(class_changes.c.at)
)


@live_check(
    "2017-2.2a",
    zh="凡公布的内容都经过同一条流程：有评审决定或已批准规则的决定",
    en="Everything public went the one way: a decision by a person or an approved rule is there",
)
def nothing_public_without_decision(
    tx: sa.Connection, site: Site, regime: Regime, *, now: datetime
) -> Finding:
    facts = {"site": site.id, "regime": regime.id}
    broken = tx.execute(_UNDECIDED.limit(MOST), facts).all()
    return Finding(
        examined=_count(tx, _SHOWN, facts),
        violations=tuple(Violation(row.comment_id, f"revision {row.number}") for row in broken),
    )


@live_check(
    "2017-5.3",
    "2022f-4.3",
    zh="新闻跟帖先由人审核后公布，修改也一样",
    en="On news, a person reviewed each text before the public saw it, edits included",
)
def news_was_reviewed_by_a_person(
    tx: sa.Connection, site: Site, regime: Regime, *, now: datetime
) -> Finding:
    if regime.premoderation is Premoderation.NONE:
        return Finding(examined=0)
    facts = {"site": site.id, "regime": regime.id}
    news = [row for row in tx.execute(_SHOWN, facts) if _was_news(tx, row)]
    bad = {(row.comment_id, row.number) for row in tx.execute(_NO_PERSON, facts)}
    broken = [row for row in news if (row.comment_id, row.number) in bad]
    return Finding(
        examined=len(news),
        violations=tuple(Violation(r.comment_id, f"revision {r.number}") for r in broken[:MOST]),
    )


def _was_news(tx: sa.Connection, row: Any) -> bool:
    """Whether the thread was news when the text became public. Undeclared: it was."""
    kind = ThreadClass.NEWS.value
    for change in tx.execute(_CLASSES, {"thread": row.thread_id}):
        if change.at <= row.published_at:
            kind = change.kind
    return kind == ThreadClass.NEWS.value


@live_check(
    "2022-4.4b",
    zh="全部内容先审后发：公布前有人或已批准规则的评审决定",
    en="Where everything is reviewed first, each text has a decision from before it was public",
)
def everything_was_reviewed(
    tx: sa.Connection, site: Site, regime: Regime, *, now: datetime
) -> Finding:
    if regime.premoderation is not Premoderation.ALL:
        return Finding(examined=0)
    facts = {"site": site.id, "regime": regime.id}
    broken = tx.execute(_UNDECIDED.limit(MOST), facts).all()
    return Finding(
        examined=_count(tx, _SHOWN, facts),
        violations=tuple(Violation(row.comment_id, f"revision {row.number}") for row in broken),
    )


@live_check(
    "2017-2.1",
    zh="每条内容都记有当时适用的规则版本",
    en="Every contribution carries the regime and version that its site was under at the time",
)
def stamped_with_the_regime_of_its_time(
    tx: sa.Connection, site: Site, regime: Regime, *, now: datetime
) -> Finding:
    stints = tx.execute(_STINTS, {"site": site.id}).all()
    rows = tx.execute(_STAMPS, {"site": site.id}).all()
    broken = []
    for row in rows:
        begun = [stint for stint in stints if stint.since <= row.created_at]
        if not begun or (begun[-1].regime, begun[-1].policy) != (row.regime, row.policy):
            broken.append(Violation(str(row.id), row.policy))
    return Finding(examined=len(rows), violations=tuple(broken[:MOST]))


_STINTS = (
    sa.select(site_regimes)
    .where(site_regimes.c.site_id == sa.bindparam("site"))
    .order_by(site_regimes.c.since)
)
_STAMPS = sa.select(
    comments.c.id, comments.c.created_at, comments.c.regime, comments.c.policy
).where(comments.c.site_id == sa.bindparam("site"), comments.c.origin == "user")


@live_check(
    "2017-5.5a",
    zh="每条待审内容都在队列里，且有期限",
    en="Whatever waits for a person is in the queue, with a time by which it is due",
)
def what_waits_is_in_the_queue(
    tx: sa.Connection, site: Site, regime: Regime, *, now: datetime
) -> Finding:
    return ask(
        tx,
        sa.select(sa.func.count()).select_from(_HELD.subquery()),
        _HELD.where(~_QUEUED),
        site=site.id,
        regime=regime.id,
    )


_QUEUED = sa.exists().where(
    items.c.thread == revisions.c.thread_id,
    items.c.comment == revisions.c.comment_id,
    items.c.revision == revisions.c.number,
    items.c.due_at > items.c.opened_at,
    items.c.state.in_(["open", "claimed", "refusing"]),
)
_HELD = (
    sa.select(revisions.c.comment_id)
    .join(
        comments,
        sa.and_(
            comments.c.thread_id == revisions.c.thread_id, comments.c.id == revisions.c.comment_id
        ),
    )
    .where(_HERE, comments.c.origin == "user", revisions.c.state == "held")
)


@live_check(
    "2017-5.5d",
    zh="被删除或未通过的内容不再有公开文本",
    en="What was removed or refused has no public text any more",
)
def nothing_removed_is_still_shown(
    tx: sa.Connection, site: Site, regime: Regime, *, now: datetime
) -> Finding:
    gone = comments.c.state.in_(["removed", "refused", "erased"])
    left = sa.or_(
        *(getattr(comments.c, name).is_not(None) for name in ("nodes", "html", "plain", "parts"))
    )
    return ask(
        tx,
        _COUNT.where(_HERE, gone),
        sa.select(comments.c.id).where(_HERE, gone, left),
        site=site.id,
        regime=regime.id,
    )


def _count(tx: sa.Connection, statement: sa.Select[Any], facts: dict[str, str]) -> int:
    return tx.scalar(sa.select(sa.func.count()).select_from(statement.subquery()), facts) or 0
