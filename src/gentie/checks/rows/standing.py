"""Measures on accounts: from the ladder, by enough people, in time, felt while they last."""

from datetime import datetime, timedelta
from typing import Any

import msgspec
import sqlalchemy as sa

from gentie.accounts.model import AccountState
from gentie.accounts.tables import accounts, sessions, verifications
from gentie.cases.queries import first_report_on
from gentie.catalogue.regimes import ACCOUNT_MEASURES, Ladder, Regime, Tier
from gentie.checks.asking import MOST
from gentie.checks.model import Finding, Violation
from gentie.checks.registry import live_check
from gentie.comments.tables import comments
from gentie.decisions.model import SEVERE, Decision
from gentie.decisions.tables import confirmations, decisions, notices
from gentie.privacy.tables import closures
from gentie.sites.model import Site
from gentie.standing.model import REVIEW_NOTICE
from gentie.standing.tables import bars, sanctions

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
_UNLIKE = sa.select(accounts.c.account_id).where(
    (accounts.c.state == AccountState.CLOSED.value)
    != sa.exists().where(closures.c.account_id == accounts.c.account_id)
)
"""Closing by oneself is the only state that is stored; what measures do is worked out from them."""
_STILL_IN = (
    sa.select(sanctions.c.decision)
    .join(sessions, sessions.c.holder == sanctions.c.account_id)
    .where(
        sanctions.c.measure == "close",
        sanctions.c.lifted_at.is_(None),
        sessions.c.opened_at < sanctions.c.starts_at,
        sessions.c.expires_at > sanctions.c.starts_at,
        sa.or_(sessions.c.revoked_at.is_(None), sessions.c.revoked_at > sanctions.c.starts_at),
    )
    .distinct()
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
    "2017-8.a",
    "2022-7.b",
    zh="账号的状态只来自本人注销和有效的措施；关闭时，当时的登录全部结束",
    en="An account is closed by its person or by a measure and by nothing else, and with a "
    "measure every session ended",
)
def accounts_stand_as_decided(
    tx: sa.Connection, site: Site, regime: Regime, *, now: datetime
) -> Finding:
    """Of the whole service: sites share their accounts."""
    unlike = [Violation(one, "another state") for one in tx.scalars(_UNLIKE)]
    inside = [Violation(str(one), "still signed in") for one in tx.scalars(_STILL_IN)]
    count = tx.scalar(sa.select(sa.func.count()).select_from(accounts)) or 0
    return Finding(examined=count, violations=tuple((unlike + inside)[:MOST]))


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
