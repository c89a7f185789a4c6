"""The operator's own registers about personal data: leaks were told in time, purposes assessed."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

import msgspec
import sqlalchemy as sa

from gentie import ledger
from gentie.accounts.tables import accounts
from gentie.catalogue.regimes import Regime
from gentie.checks.asking import MOST
from gentie.checks.model import Finding, Violation
from gentie.checks.registry import live_check
from gentie.decisions.tables import decisions
from gentie.ledger.tables import earlier_logs, leaves
from gentie.privacy.impact.model import Impact, Result
from gentie.privacy.impact.rules import kept_for
from gentie.privacy.inventory import load_inventory
from gentie.privacy.leaks.model import AGREEING, Entry, Leak, Step
from gentie.privacy.tables import impacts, leak_entries, leak_persons, leaks
from gentie.sites.model import Site

_KIND: Final = "register"
_REGISTERS: Final = ((leaks, Leak), (leak_entries, Entry), (impacts, Impact))
_CAME_ALONG: Final = sa.select(sa.func.max(earlier_logs.c.at)).scalar_subquery()
_LEAVES: Final = sa.select(leaves.c.id, leaves.c.body).where(
    ~sa.exists().where(decisions.c.leaf == leaves.c.id),
    sa.or_(_CAME_ALONG.is_(None), leaves.c.at > _CAME_ALONG),
)
"""But for those of decisions, which are many, and of an earlier log: its registers stayed there."""
_UNTOLD: Final = (
    sa.select(sa.func.count())
    .select_from(leak_persons)
    .where(leak_persons.c.leak == sa.bindparam("leak"), leak_persons.c.told_at.is_(None))
)
_leaf = msgspec.json.Decoder(ledger.Leaf)


@live_check(
    "2017-5.2a",
    "2022-4.2a",
    zh="登记册里的每一行都与公开日志中的承诺一致，没有改动，也没有缺行",
    en="Each line of the registers opens its commitment in the public log; none was changed or "
    "dropped",
)
def the_registers_are_whole(
    tx: sa.Connection, site: Site, regime: Regime, *, now: datetime
) -> Finding:
    said = {row.id: _leaf.decode(row.body) for row in tx.execute(_LEAVES)}
    owed = {id_: leaf.record for id_, leaf in said.items() if leaf.kind == _KIND}
    kept = dict(_lines(tx))
    found = [Violation(one, "changed") for one in sorted(kept) if owed.get(one) != kept[one]]
    found += [Violation(one, "dropped") for one in sorted(set(owed) - set(kept))]
    return Finding(examined=len(set(owed) | set(kept)), violations=tuple(found[:MOST]))


def _lines(tx: sa.Connection) -> Iterator[tuple[str, str]]:
    """What each line commits to now, by its leaf."""
    for table, kind in _REGISTERS:
        for row in tx.execute(sa.select(table.c.record, table.c.salt, table.c.leaf)):
            line: msgspec.Struct = msgspec.json.decode(row.record, type=kind)
            yield row.leaf, ledger.commitment(line, row.salt)


@live_check(
    "2017-5.2a",
    "2022-4.2a",
    zh="每次个人信息泄露都在时限内报告了主管部门、告知了每一位相关的人，或由两人认定无需告知",
    en="Of each leak the authority was told in time, and so was everybody it concerns, unless two "
    "people agreed that nobody has to be",
)
def leaks_were_told(tx: sa.Connection, site: Site, regime: Regime, *, now: datetime) -> Finding:
    """Of the whole service, and recounted here: the rules of the room are not asked."""
    found = [msgspec.json.decode(one, type=Leak) for one in tx.scalars(sa.select(leaks.c.record))]
    lines = [
        msgspec.json.decode(one, type=Entry) for one in tx.scalars(sa.select(leak_entries.c.record))
    ]
    late = [
        one
        for leak in found
        for one in _missed(tx, leak, [each for each in lines if each.leak == leak.number], now)
    ]
    return Finding(examined=len(found), violations=tuple(late[:MOST]))


def _missed(
    tx: sa.Connection, leak: Leak, lines: list[Entry], now: datetime
) -> Iterator[Violation]:
    authority = [one.at for one in lines if one.step is Step.AUTHORITY]
    told = [one.at for one in lines if one.step is Step.TOLD]
    spare = {one.by: one.at for one in lines if one.step is Step.SPARED}
    if len(spare) >= AGREEING:
        told.append(max(spare.values()))
    for ends, at, note in (
        (leak.authority_before, authority, "authority"),
        (leak.people_before, told, "people"),
    ):
        if min(at, default=now) > ends:
            yield Violation(leak.number, note)
    if any(one.step is Step.TOLD for one in lines) and tx.scalar(_UNTOLD, {"leak": leak.number}):
        yield Violation(leak.number, "somebody was not told")


@live_check(
    "2017-5.2a",
    "2022-4.2a",
    zh="法律要求事先评估影响的每一项处理目的，都有仍然有效的评估",
    en="Every purpose for which the law asks for an impact assessment has one that still holds",
)
def purposes_were_assessed(
    tx: sa.Connection, site: Site, regime: Regime, *, now: datetime
) -> Finding:
    """Where there is nobody yet nothing is kept, so nothing is examined."""
    if tx.scalar(sa.select(sa.exists().where(accounts.c.account_id.is_not(None)))) is not True:
        return Finding(examined=0)
    newest: dict[str, Any] = {}
    for body in tx.scalars(sa.select(impacts.c.record).order_by(impacts.c.at)):
        one = msgspec.json.decode(body, type=Impact)
        newest[one.purpose] = one
    inventory = load_inventory()
    needed = [name for name, one in inventory.purposes.items() if one.assess]
    found = tuple(
        Violation(name)
        for name in needed
        if not _holds(newest.get(name), kept_for(inventory, name), now)
    )
    return Finding(examined=len(needed), violations=found)


def _holds(one: Impact | None, kept: str, now: datetime) -> bool:
    return (
        one is not None
        and one.result is not Result.NOT
        and one.kept == kept
        and one.at <= now < one.review_at
    )
