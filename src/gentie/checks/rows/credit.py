"""Credit: worked out by the published formula, and what its tiers take was not used meanwhile."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa

from gentie.accounts.minors.model import MINORS
from gentie.accounts.tables import ages
from gentie.catalogue.regimes import Credit, Regime, Tier
from gentie.checks.asking import MOST
from gentie.checks.model import Finding, Violation
from gentie.checks.registry import live_check
from gentie.comments.parts import NO_PARTS
from gentie.comments.tables import comments, revisions, votes
from gentie.danmaku.model import WHITE, Mode
from gentie.danmaku.tables import placed
from gentie.decisions.tables import decisions, reversals
from gentie.sites.model import Site
from gentie.standing.credit import score, tier_of
from gentie.standing.model import Capability, CreditEvent
from gentie.standing.queries import credit_events_of
from gentie.standing.tables import credit_events

_CREDIT = (
    sa.select(
        credit_events,
        decisions.c.measure,
        decisions.c.tier,
        decisions.c.automation,
        decisions.c.author.label("author"),
        reversals.c.by_decision.label("overturned"),
        sa.exists()
        .where(
            ages.c.account_id == credit_events.c.account_id,
            ages.c.band.in_(sorted(MINORS)),
            ages.c.at <= credit_events.c.at,
        )
        .label("minor"),
    )
    .select_from(
        credit_events.outerjoin(decisions, decisions.c.id == credit_events.c.decision).outerjoin(
            reversals, reversals.c.decision_id == credit_events.c.decision
        )
    )
    .where(
        credit_events.c.site_id == sa.bindparam("site"),
        credit_events.c.policy == sa.bindparam("policy"),
    )
)
_HERE = sa.and_(
    comments.c.site_id == sa.bindparam("site"),
    comments.c.regime == sa.bindparam("regime"),
    comments.c.origin == "user",
)


def _assessed(account: sa.Column[str], at: sa.Column[datetime]) -> sa.ColumnElement[bool]:
    """Somebody whose credit counted at a moment: with events here, and no minor by then."""
    return sa.and_(
        sa.exists().where(
            credit_events.c.account_id == account,
            credit_events.c.site_id == sa.bindparam("site"),
        ),
        ~sa.exists().where(
            ages.c.account_id == account, ages.c.band.in_(sorted(MINORS)), ages.c.at <= at
        ),
    )


def _part_of(table: sa.Table, comment: sa.Column[str]) -> sa.ColumnElement[bool]:
    return sa.and_(table.c.thread_id == comments.c.thread_id, comment == comments.c.id)


_WRITTEN = sa.select(comments.c.id, comments.c.author_id.label("who"), comments.c.created_at).where(
    _HERE, _assessed(comments.c.author_id, comments.c.created_at)
)
_OVER = _WRITTEN.join(placed, _part_of(placed, placed.c.id))
_USES: Final[dict[Capability, sa.Select[Any]]] = {
    Capability.UNREVIEWED: sa.select(
        decisions.c.id, decisions.c.author.label("who"), decisions.c.decided_at
    ).where(
        decisions.c.site_id == sa.bindparam("site"),
        decisions.c.regime == sa.bindparam("regime"),
        decisions.c.measure == "publish",
        decisions.c.automation == "full",
        _assessed(decisions.c.author, decisions.c.decided_at),
    ),
    Capability.POSITIONS: _OVER.where(placed.c.mode != Mode.SCROLL.value),
    Capability.COLOURS: _OVER.where(placed.c.colour != WHITE),
    Capability.LINKS: sa.select(
        comments.c.id, comments.c.author_id.label("who"), revisions.c.created_at
    )
    .join(revisions, _part_of(revisions, revisions.c.comment_id))
    .where(
        _HERE,
        revisions.c.html.like("%<a href=%"),
        _assessed(comments.c.author_id, revisions.c.created_at),
    ),
    Capability.MEDIA: _WRITTEN.join(revisions, _part_of(revisions, revisions.c.comment_id)).where(
        revisions.c.number == 1, revisions.c.parts != NO_PARTS
    ),
    Capability.VOTE: sa.select(votes.c.comment_id, votes.c.account.label("who"), votes.c.at)
    .join(comments, _part_of(votes, votes.c.comment_id))
    .where(_HERE, _assessed(votes.c.account, votes.c.at)),
}
"""Where each function was used, by whom and when, by people whose credit counted."""


@live_check(
    "2017-9.1a",
    "2022-8.a",
    zh="每项信用记录都依据由人作出的决定，扣分与公布的公式一致，决定被撤销的都已恢复",
    en="Every credit event rests on a person's decision, costs what the published formula says, "
    "and is repaired where the decision was overturned",
)
def credit_follows_the_formula(
    tx: sa.Connection, site: Site, regime: Regime, *, now: datetime
) -> Finding:
    facts = {"site": site.id, "policy": regime.policy}
    rows = tx.execute(_CREDIT, facts).all()
    repaired = {row.decision for row in rows if row.kind == "repaired"}
    broken = [
        Violation(row.id, fault)
        for row in rows
        for fault in _faults_of_credit(row, regime, repaired=row.decision in repaired)
    ]
    return Finding(examined=len(rows), violations=tuple(broken[:MOST]))


@live_check(
    "2017-9.1b",
    "2022-8.b",
    zh="信用级别收回的功能（免审、链接、文件、弹幕位置和颜色、表态），当时没有人用过",
    en="Nobody used what the tier of their credit took then: publication without review, links, "
    "files, places and colours over a video, votes",
)
def tiers_were_felt(tx: sa.Connection, site: Site, regime: Regime, *, now: datetime) -> Finding:
    if regime.credit is None:
        return Finding(examined=0)
    examined, broken = 0, []
    for capability, id_, taken in _used(tx, site, regime, regime.credit):
        examined += 1
        broken += [Violation(str(id_), capability.value)] if capability.value in taken else []
    return Finding(examined=examined, violations=tuple(broken[:MOST]))


def _used(
    tx: sa.Connection, site: Site, regime: Regime, credit: Credit
) -> Iterator[tuple[Capability, object, tuple[str, ...]]]:
    """Each use of a function, with what its user's tier took at that moment."""
    events: dict[str, list[CreditEvent]] = {}
    for capability, asked in _USES.items():
        for id_, who, at in tx.execute(asked, {"site": site.id, "regime": regime.id}):
            if who not in events:
                events[who] = credit_events_of(tx, who, site.id)
            yield capability, id_, tier_of(score(events[who], credit, now=at), credit).takes


def _faults_of_credit(row: Any, regime: Regime, *, repaired: bool) -> list[str]:
    """What is wrong with one event. A lesson and a repair rest on nothing but themselves."""
    if row.kind == "lesson":
        right = regime.credit is not None and row.points == regime.credit.lesson
        return [] if right else ["another gain"]
    if row.kind == "repaired":
        return [] if row.overturned else ["repaired without a reversal"]
    due = -regime.credit.cost(Tier(row.tier)) if regime.credit and row.tier else None
    found = {
        "no decision": row.measure not in {"refuse", "remove"},
        "by a machine": row.automation == "full",
        "another person": row.author != row.account_id,
        "of a minor": bool(row.minor),
        "another cost": row.points != due,
        "not repaired": bool(row.overturned) and not repaired,
    }
    return [fault for fault, there in found.items() if there]
