"""Decisions: grounded in a class and a clause, recorded, committed to, open to appeal."""

from datetime import datetime, timedelta

import msgspec
import sqlalchemy as sa

from gentie import ledger
from gentie.accounts.model import AgreementText
from gentie.accounts.tables import agreements
from gentie.catalogue.regimes import Regime
from gentie.checks.asking import MOST
from gentie.checks.model import Finding, Violation
from gentie.checks.registry import live_check
from gentie.decisions.model import ADVERSE, Decider, Decision
from gentie.decisions.tables import decisions, notices
from gentie.ledger.tables import leaves
from gentie.sites.model import Site

MERGE_DELAY = timedelta(minutes=1)
"""How long a decision may be without a place in the log before that counts as missing."""

_HERE = sa.and_(
    decisions.c.site_id == sa.bindparam("site"), decisions.c.regime == sa.bindparam("regime")
)
_ADVERSE = sa.and_(_HERE, decisions.c.measure.in_([one.value for one in sorted(ADVERSE)]))
_COUNT = sa.select(sa.func.count()).select_from(decisions)
_GROUNDS = sa.select(decisions.c.id, decisions.c.class_id, decisions.c.tier).where(_ADVERSE)
_RECORDS = sa.select(decisions).where(_HERE)
_ADVERSE_RECORDS = sa.select(decisions).where(_ADVERSE)
_LEAVES = (
    sa.select(decisions.c.id, decisions.c.commitment, leaves.c.body, leaves.c.idx)
    .outerjoin(leaves, leaves.c.id == decisions.c.leaf)
    .where(_HERE, decisions.c.decided_at < sa.bindparam("settled"))
)
_TEXTS = sa.select(agreements.c.policy, agreements.c.text).where(
    agreements.c.regime == sa.bindparam("regime")
)

_decision = msgspec.json.Decoder(Decision)
_leaf = msgspec.json.Decoder(ledger.Leaf)


@live_check(
    "2017-6.2b",
    "2022-9.b",
    zh="每个不利决定的依据都是规则表中的一类",
    en="The ground of every adverse decision is a class of the regime, in its tier",
)
def grounds_are_classes(tx: sa.Connection, site: Site, regime: Regime, *, now: datetime) -> Finding:
    tiers = {one.id: one.tier.value for one in regime.classes}
    rows = tx.execute(_GROUNDS, _facts(site, regime)).all()
    broken = [row for row in rows if tiers.get(row.class_id) != row.tier]
    return Finding(
        examined=len(rows),
        violations=tuple(Violation(row.id, row.class_id) for row in broken[:MOST]),
    )


@live_check(
    "2017-7.1a",
    zh="每次删除或拒绝都有依据、规则、证据、决定者，并进入公开日志",
    en="Every refusal and removal has ground, clause, facts, evidence, a decider and its leaf",
)
def nothing_adverse_without_reasons(
    tx: sa.Connection, site: Site, regime: Regime, *, now: datetime
) -> Finding:
    rows = tx.execute(_ADVERSE_RECORDS, _facts(site, regime)).all()
    logged = {
        row.id for row in tx.execute(_LEAVES, _settled(site, regime, now)) if row.idx is not None
    }
    broken = []
    for row in rows:
        ground = _decision.decode(row.record).ground
        reasons = ground is not None and all((ground.facts, ground.message, ground.clause))
        late = row.decided_at < now - MERGE_DELAY and row.id not in logged
        if not reasons or not row.decided_by or not row.commitment or late:
            broken.append(Violation(row.id))
    return Finding(examined=len(rows), violations=tuple(broken[:MOST]))


@live_check(
    "2017-8.c",
    "2022-7.c",
    zh="处置记录完整，且与公开日志中的承诺一致",
    en="Every record is kept and opens the commitment that stands in the public log",
)
def records_open_their_commitments(
    tx: sa.Connection, site: Site, regime: Regime, *, now: datetime
) -> Finding:
    rows = tx.execute(_RECORDS, _facts(site, regime)).all()
    said = {
        row.id: _leaf.decode(row.body).record if row.body is not None else ""
        for row in tx.execute(_LEAVES, _settled(site, regime, now))
    }
    broken = []
    for row in rows:
        record = _decision.decode(row.record)
        opened = ledger.commitment(record, row.salt)
        decider = ledger.commitment(Decider(actor=row.decided_by), row.decider_key)
        logged = said.get(row.id, opened)
        if not (opened == row.commitment == logged and decider == record.decider):
            broken.append(Violation(row.id))
    return Finding(examined=len(rows), violations=tuple(broken[:MOST]))


@live_check(
    "2022-7.a",
    zh="每个不利决定都引用当时服务协议中的条款",
    en="Every adverse decision cites a clause that stands in the agreement of its time",
)
def clauses_stand_in_the_agreement(
    tx: sa.Connection, site: Site, regime: Regime, *, now: datetime
) -> Finding:
    clauses = {row.policy: _numbers(row.text) for row in tx.execute(_TEXTS, {"regime": regime.id})}
    rows = tx.execute(_ADVERSE_RECORDS, _facts(site, regime)).all()
    broken = []
    for row in rows:
        decision = _decision.decode(row.record)
        cited = decision.ground.clause if decision.ground else ""
        if cited != row.clause or cited not in clauses.get(decision.agreement, set()):
            broken.append(Violation(row.id, f"{decision.agreement} {cited}"))
    return Finding(examined=len(rows), violations=tuple(broken[:MOST]))


@live_check(
    "2022-13.1a",
    zh="每个不利决定都有通知和不短于规则的申诉期",
    en="Every adverse decision has its notice, and a window to appeal as long as promised",
)
def adverse_decisions_can_be_appealed(
    tx: sa.Connection, site: Site, regime: Regime, *, now: datetime
) -> Finding:
    rows = tx.execute(_ADVERSE_RECORDS, _facts(site, regime)).all()
    told = set(tx.scalars(_TOLD, _facts(site, regime)))
    broken = []
    for row in rows:
        before = _decision.decode(row.record).appeal_before
        short = before is None or before < row.decided_at + regime.windows.appeal
        if short or row.id not in told:
            broken.append(Violation(row.id))
    return Finding(examined=len(rows), violations=tuple(broken[:MOST]))


_TOLD = (
    sa.select(notices.c.decision)
    .join(decisions, decisions.c.id == notices.c.decision)
    .where(_ADVERSE, notices.c.account_id == decisions.c.author)
)


def _numbers(text: bytes) -> set[str]:
    agreement = msgspec.json.decode(text, type=AgreementText)
    return {part.number for section in agreement.sections for part in section.paragraphs}


def _facts(site: Site, regime: Regime) -> dict[str, object]:
    return {"site": site.id, "regime": regime.id}


def _settled(site: Site, regime: Regime, now: datetime) -> dict[str, object]:
    return {**_facts(site, regime), "settled": now - MERGE_DELAY}
