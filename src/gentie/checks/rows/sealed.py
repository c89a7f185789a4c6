"""What lies in the vault: declared, gone in its time, proven, and never back once destroyed."""

from collections import Counter
from datetime import datetime
from typing import Final

import sqlalchemy as sa

from gentie.accounts.tables import verifications
from gentie.checks.asking import MOST
from gentie.checks.model import Finding, Violation
from gentie.checks.registry import vault_check
from gentie.checks.vaulted import GRACE, Vaulted
from gentie.privacy.inventory import load_inventory
from gentie.privacy.tables import closures, deletions, holds
from gentie.vault.rules import break_of, gone_in
from gentie.vault.tables import approvals, disclosures, erasures

_TECHNICAL: Final = "alembic_version"
_HELD: Final = (
    sa.select(holds.c.account)
    .where(holds.c.ended_at.is_(None), holds.c.until > sa.bindparam("now"))
    .scalar_subquery()
)
_LEFT: Final = (
    sa.select(closures.c.account_id)
    .where(closures.c.closed_at < sa.bindparam("before"))
    .scalar_subquery()
)
_KNOWN: Final = (
    sa.select(verifications.c.person)
    .where(sa.or_(verifications.c.account_id.not_in(_LEFT), verifications.c.account_id.in_(_HELD)))
    .distinct()
)
_OWED: Final = sa.select(erasures.c.person).where(
    erasures.c.destroyed_at.is_(None),
    erasures.c.asked_at < sa.bindparam("before"),
    erasures.c.account.not_in(_HELD),
)
_PROVEN: Final = sa.select(deletions.c.data, deletions.c.rows, deletions.c.upto)
_OPENED: Final = sa.select(disclosures.c.id, disclosures.c.asked_by).where(
    disclosures.c.opened_at < sa.bindparam("before")
)
_AGREED: Final = (
    sa.select(approvals.c.disclosure, approvals.c.by)
    .join(disclosures, disclosures.c.id == approvals.c.disclosure)
    .where(approvals.c.yes.is_(True), disclosures.c.opened_at < sa.bindparam("before"))
)


@vault_check(
    "2017-5.2a",
    "2017-5.2b",
    "2022-4.2a",
    zh="保险库里的每一张表、每一列也都在个人信息清单里",
    en="Every table and column of the vault stands in the inventory as well",
)
def the_vault_keeps_what_is_declared(
    tx: sa.Connection, vaulted: Vaulted, *, now: datetime
) -> Finding:
    inventory = load_inventory()
    declared = {
        (one.table, field)
        for one in inventory.records
        if one.where == "vault"
        for field in one.fields
    }
    real = {
        (table, column)
        for table, columns in vaulted.columns.items()
        if table not in inventory.apart and table != _TECHNICAL
        for column in columns
    }
    found = tuple(Violation(f"{table}.{column}") for table, column in sorted(real - declared))
    return Finding(examined=len(real), violations=found[:MOST])


@vault_check(
    "2017-8.c",
    "2022-7.c",
    zh="保险库里封存的信息没有超过期限的：到期的已删除，注销者的身份已销毁（法定保留除外）",
    en="Nothing sealed in the vault outlives its term: what is over is deleted, and nobody who "
    "closed the account is known there (but for what is under a legal hold)",
)
def nothing_sealed_outlives_its_term(
    tx: sa.Connection, vaulted: Vaulted, *, now: datetime
) -> Finding:
    facts = {"before": now - GRACE, "now": now}
    late = [Violation(str(count), table) for table, count in vaulted.over.items() if count]
    left = sorted(vaulted.sealed - set(tx.scalars(_KNOWN, facts))) if vaulted.sealed else []
    late += [Violation(one, "nobody's") for one in left]
    late += [Violation(one, "not destroyed") for one in tx.scalars(_OWED, facts)]
    examined = sum(vaulted.rows.values()) + len(vaulted.sealed)
    return Finding(examined=examined + len(late), violations=tuple(late[:MOST]))


@vault_check(
    "2017-8.c",
    "2022-7.c",
    zh="保险库里的每次删除都写进了它的账簿，并有公开日志中的证明",
    en="Each deletion in the vault stands in its book and has its proof in the public log",
)
def deletions_in_the_vault_are_proven(
    tx: sa.Connection, vaulted: Vaulted, *, now: datetime
) -> Finding:
    gone = Counter(
        (one.data, one.rows, one.at) for one in gone_in(vaulted.book) if one.at < now - GRACE
    )
    owed = gone - Counter((row.data, row.rows, row.upto) for row in tx.execute(_PROVEN))
    found = (Violation(data, f"{rows}, {at.isoformat()}") for data, rows, at in owed.elements())
    return Finding(examined=gone.total(), violations=tuple(found)[:MOST])


@vault_check(
    "2017-5.2a",
    "2022-4.2a",
    zh="已销毁的身份密钥没有重新出现，从备份恢复之后也没有",
    en="Keys of identities that were destroyed are not back, after a restore either",
)
def what_was_destroyed_is_gone(tx: sa.Connection, vaulted: Vaulted, *, now: datetime) -> Finding:
    destroyed = sum(one.data == "identity" for one in gone_in(vaulted.book))
    found = tuple(Violation(one) for one in sorted(vaulted.back))
    return Finding(examined=destroyed + len(found), violations=found[:MOST])


@vault_check(
    "2017-5.2a",
    "2022-4.2a",
    zh="保险库的账簿环环相扣、没有改动，每次启封及其批准都记在其中",
    en="The vault's book is an unbroken chain, and has each opening and its approvals in it",
)
def the_book_is_whole(tx: sa.Connection, vaulted: Vaulted, *, now: datetime) -> Finding:
    lost = sorted(_owed(tx, now) - {one.reference for one in vaulted.book})
    broken = break_of(vaulted.book)
    found = [] if broken is None else [Violation(str(broken), "changed")]
    found += [Violation(one, "not in the book") for one in lost]
    return Finding(examined=len(vaulted.book) + len(lost), violations=tuple(found[:MOST]))


def _owed(tx: sa.Connection, now: datetime) -> set[str]:
    """The references that the book must have, as `actions.identity.booking` makes them."""
    facts = {"before": now - GRACE}
    opened = {f"{row.id}:opened:{row.asked_by}" for row in tx.execute(_OPENED, facts)}
    return opened | {f"{row.disclosure}:approved:{row.by}" for row in tx.execute(_AGREED, facts)}
