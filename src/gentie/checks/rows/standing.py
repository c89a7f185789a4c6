"""Measures on accounts: from the ladder, by enough people, in time, felt while they last."""

from datetime import datetime, timedelta
from typing import Any

import msgspec
import sqlalchemy as sa

from gentie.accounts.tables import verifications
from gentie.cases.queries import first_report_on
from gentie.catalogue.regimes import ACCOUNT_MEASURES, Credit, Ladder, Regime, Tier
from gentie.checks.asking import MOST
from gentie.checks.model import Finding, Violation
from gentie.checks.registry import live_check
from gentie.comments.tables import comments
from gentie.decisions.model import SEVERE, Decision
from gentie.decisions.tables import confirmations, decisions, notices, reversals
from gentie.sites.model import Site
from gentie.standing.credit import score, tier_of
from gentie.standing.model import REVIEW_NOTICE, CreditEvent
from gentie.standing.queries import credit_events_of
from gentie.standing.tables import bars, credit_events, sanctions

_cause = decisions.alias("cause")
_TAKEN = (
    sa.select(
        sanctions,
        decisions.c.measure.label("decided"),
        decisions.c.tier,
        decisions.c.decided_by,
        decisions.c.seconded_by,
        decisions.c.record,
        _cause.c.decided_at.label("caused_at"),
        _cause.c.measure.label("cause"),
        _cause.c.automation.label("cause_automation"),
        confirmations.c.confirmed_by.label("outsider"),
    )
    .select_from(
        sanctions.join(decisions, decisions.c.id == sanctions.c.decision)
        .join(_cause, _cause.c.id == sanctions.c.rests_on)
        .outerjoin(confirmations, confirmations.c.decision_id == sanctions.c.decision)
    )
    .where(
        sanctions.c.site_id == sa.bindparam("site"), decisions.c.regime == sa.bindparam("regime")
    )
)
_ORPHANS = sa.select(decisions.c.id).where(
    decisions.c.site_id == sa.bindparam("site"),
    decisions.c.regime == sa.bindparam("regime"),
    decisions.c.measure.in_(ACCOUNT_MEASURES),
    ~sa.exists().where(sanctions.c.decision == decisions.c.id),
)
_REVERSED = sa.select(decisions.c.reverses).where(
    decisions.c.measure == "lift", decisions.c.reverses.is_not(None)
)
_SPOKEN = (
    sa.select(
        comments.c.id,
        comments.c.created_at,
        sanctions.c.starts_at,
        sanctions.c.ends_at,
        sanctions.c.lifted_at,
        sanctions.c.confirm_before,
        sanctions.c.confirmed_by,
    )
    .join(sanctions, sanctions.c.account_id == comments.c.author_id)
    .where(
        comments.c.site_id == sa.bindparam("site"),
        comments.c.regime == sa.bindparam("regime"),
        comments.c.origin == "user",
        comments.c.created_at > sanctions.c.starts_at,
        sa.or_(
            sanctions.c.measure.in_(["close", "bar_reregistration"]),
            sa.and_(sanctions.c.measure == "suspend", sanctions.c.site_id == comments.c.site_id),
        ),
    )
)
_CREDIT = (
    sa.select(
        credit_events,
        decisions.c.measure,
        decisions.c.tier,
        decisions.c.automation,
        decisions.c.author.label("author"),
        reversals.c.by_decision.label("overturned"),
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
_AUTOMATIC = sa.select(decisions.c.id, decisions.c.author, decisions.c.decided_at).where(
    decisions.c.site_id == sa.bindparam("site"),
    decisions.c.regime == sa.bindparam("regime"),
    decisions.c.measure == "publish",
    decisions.c.automation == "full",
    sa.exists().where(
        credit_events.c.account_id == decisions.c.author,
        credit_events.c.site_id == decisions.c.site_id,
    ),
)
_BAR = "bar_reregistration"
_BARRED = (
    sa.select(bars, decisions.c.record, decisions.c.decided_by, decisions.c.seconded_by)
    .join(decisions, decisions.c.id == bars.c.decision)
    .where(
        decisions.c.site_id == sa.bindparam("site"), decisions.c.regime == sa.bindparam("regime")
    )
)


def _meanwhile(moment: sa.Column[datetime]) -> sa.ColumnElement[bool]:
    """Whether a moment is inside the time of the bar."""
    return sa.and_(
        moment > bars.c.since,
        moment < bars.c.until,
        moment < bars.c.review_at,
        sa.or_(bars.c.lifted_at.is_(None), moment < bars.c.lifted_at),
    )


_VERIFIED_ANEW = (
    sa.select(verifications.c.id)
    .join(bars, bars.c.person == verifications.c.person)
    .join(decisions, decisions.c.id == bars.c.decision)
    .where(
        _meanwhile(verifications.c.recorded_at),
        decisions.c.site_id == sa.bindparam("site"),
        decisions.c.regime == sa.bindparam("regime"),
    )
)
_BARRED_SPOKE = (
    sa.select(comments.c.id)
    .join(verifications, verifications.c.account_id == comments.c.author_id)
    .join(bars, bars.c.person == verifications.c.person)
    .where(
        _meanwhile(comments.c.created_at),
        comments.c.site_id == sa.bindparam("site"),
        comments.c.regime == sa.bindparam("regime"),
        comments.c.origin == "user",
    )
)
_record = msgspec.json.Decoder(Decision)


@live_check(
    "2017-8.a",
    "2022-7.b",
    "2022f-7",
    zh="对账号的每项措施都在规则的阶梯之内，严重的有两人，期限与记录一致，期间确实生效",
    en="Every measure on an account is within the ladder, backed by enough people, and was felt",
)
def measures_are_within_the_ladder(
    tx: sa.Connection, site: Site, regime: Regime, *, now: datetime
) -> Finding:
    facts = {"site": site.id, "regime": regime.id}
    rows = tx.execute(_TAKEN, facts).all()
    lifted = set(tx.scalars(_REVERSED))
    closed = {row.decision for row in rows if row.measure == "close"}
    broken = [
        Violation(row.decision, fault)
        for row in rows
        for fault in _faults(row, regime, lifted=row.decision in lifted, closed=closed)
    ]
    broken += [Violation(one, "no effect") for one in tx.scalars(_ORPHANS, facts)]
    broken += [
        Violation(row.id, "spoke meanwhile") for row in tx.execute(_SPOKEN, facts) if _felt(row)
    ]
    return Finding(examined=len(rows), violations=tuple(broken[:MOST]))


@live_check(
    "2017-9.1c",
    "2017-9.1d",
    "2022-8.c",
    "2022-8.d",
    zh="列入名单须两人同意、有理由、复核日期和通知；期间此人不能再核验，也不能发言",
    en="Every bar has two people, reasons, review date and notice; the person neither "
    "was verified anew nor spoke while it lasted",
)
def the_barred_stay_out(tx: sa.Connection, site: Site, regime: Regime, *, now: datetime) -> Finding:
    facts = {"site": site.id, "regime": regime.id}
    rows = tx.execute(_BARRED, facts).all()
    told = set(tx.scalars(sa.select(notices.c.decision).where(notices.c.kind == _BAR)))
    broken = [
        Violation(row.decision, fault)
        for row in rows
        for fault in _faults_of_bar(row, told=row.decision in told)
    ]
    for statement, note in ((_VERIFIED_ANEW, "verified anew"), (_BARRED_SPOKE, "spoke meanwhile")):
        broken += [Violation(one, note) for one in tx.scalars(statement, facts)]
    return Finding(examined=len(rows), violations=tuple(broken[:MOST]))


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
    zh="信用级别要求先由人看的，没有一条由规则直接发布",
    en="Nothing was published by a rule alone while the author's credit asked for a person first",
)
def tiers_were_felt(tx: sa.Connection, site: Site, regime: Regime, *, now: datetime) -> Finding:
    rows = tx.execute(_AUTOMATIC, {"site": site.id, "regime": regime.id}).all()
    events = {one: credit_events_of(tx, one, site.id) for one in {row.author for row in rows}}
    broken = [
        Violation(row.id, "unreviewed")
        for row in rows
        if "unreviewed" in _taken_at(events[row.author], regime.credit, row.decided_at)
    ]
    return Finding(examined=len(rows), violations=tuple(broken[:MOST]))


def _taken_at(events: list[CreditEvent], credit: Credit | None, at: datetime) -> tuple[str, ...]:
    """What somebody's tier took then. What was repaired later counted until it was."""
    return tier_of(score(events, credit, now=at), credit).takes if credit else ()


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
        "another cost": row.points != due,
        "not repaired": bool(row.overturned) and not repaired,
    }
    return [fault for fault, there in found.items() if there]


def _faults_of_bar(row: Any, *, told: bool) -> list[str]:
    said = _record.decode(row.record)
    lone = said.confirm_before is not None
    found = {
        "another measure": said.measure.value != _BAR,
        "one person": not lone and not _by_two(row),
        "too long": said.until is None or row.until > said.until,
        "no review": not row.since < row.review_at <= row.until or _is_unreviewed(row),
        "nobody was told": not told,
    }
    return [fault for fault, there in found.items() if there]


def _is_unreviewed(row: Any) -> bool:
    """Whether a long bar runs to its end without anybody having to look."""
    long = row.until - row.since >= 2 * REVIEW_NOTICE
    return bool(long and row.review_at == row.until and row.renewed_by is None)


@live_check(
    "2017-8.b",
    zh="被举报的内容在承诺的天数内作出决定，措施在所依据的决定之后及时作出",
    en="What was reported was decided, and the measure taken, within the promised days",
)
def measures_came_promptly(
    tx: sa.Connection, site: Site, regime: Regime, *, now: datetime
) -> Finding:
    rows = tx.execute(_TAKEN, {"site": site.id, "regime": regime.id}).all()
    days = regime.ladder.within_days if regime.ladder else 0
    answer = timedelta(days=regime.windows.report_answer_days)
    late = [
        Violation(row.decision, f"{row.starts_at:%Y-%m-%d}")
        for row in rows
        if row.starts_at > row.caused_at + timedelta(days=days)
    ]
    late += [
        Violation(row.decision, "decided late")
        for row in rows
        if (first := _reported_at(tx, row)) and row.caused_at > first + answer
    ]
    return Finding(examined=len(rows), violations=tuple(late[:MOST]))


def _reported_at(tx: sa.Connection, row: Any) -> datetime | None:
    """When what the measure is about was first reported, before it was decided."""
    said = _record.decode(row.record)
    return first_report_on(tx, said.target.ref, before=row.caused_at)


def _faults(row: Any, regime: Regime, *, lifted: bool, closed: set[str]) -> list[str]:
    """What is wrong with one measure. `closed` are decisions that also closed the account."""
    said = _record.decode(row.record)
    lone = row.confirm_before is not None
    found = {
        "not in the ladder": not _is_offered(row.decided, row.tier, regime.ladder),
        "rests on nothing": row.cause not in {"refuse", "remove"} or row.cause_automation == "full",
        "one person": row.decided in SEVERE and not lone and not _by_two(row),
        "confirmed by itself": row.confirmed_by is not None
        and row.outsider in {None, row.decided_by},
        "bar without closing": row.decided == "bar_reregistration" and row.decision not in closed,
        "another term": row.measure == row.decided and row.ends_at != said.until,
        "lifted or not": lifted != (row.lifted_at is not None),
    }
    return [fault for fault, there in found.items() if there]


def _is_offered(measure: str, tier: str, ladder: Ladder | None) -> bool:
    """Whether the measure is at most the harshest step for grounds of this tier."""
    steps = ladder.steps(Tier(tier)) if ladder and tier else ()
    strength = ACCOUNT_MEASURES.index
    return any(strength(measure) <= strength(step) for step in steps)


def _by_two(row: Any) -> bool:
    return row.seconded_by is not None and row.seconded_by != row.decided_by


def _felt(row: Any) -> bool:
    """Whether something was accepted while a measure that forbids it was in force."""
    lone = row.confirm_before if row.confirmed_by is None else None
    ends = [end for end in (row.ends_at, row.lifted_at, lone) if end is not None]
    return not ends or row.created_at < min(ends)
