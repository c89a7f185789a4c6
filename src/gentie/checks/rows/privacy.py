"""What is kept of people is declared, published, consented to where people are asked, answered for.

Of the whole service: data about people belongs to no site.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Final

import sqlalchemy as sa

from gentie.accounts.consenting import wordings
from gentie.accounts.model import Purpose
from gentie.accounts.tables import consents, verifications
from gentie.catalogue.regimes import Regime
from gentie.checks.asking import MOST
from gentie.checks.model import Finding, Violation
from gentie.checks.registry import live_check
from gentie.mail.tables import contacts
from gentie.privacy.inventory import CONSENT, lines_of, load_inventory
from gentie.privacy.model import Line
from gentie.privacy.queries import versions
from gentie.privacy.tables import requests, rules_seen
from gentie.sites.model import Site
from gentie.vault.tables import erasures

_TECHNICAL: Final = "alembic_version"
"""Which step of the migrations the database has reached."""


@live_check(
    "2017-5.2a",
    "2017-5.2b",
    "2022-4.2a",
    zh="数据库里的每一张表、每一列都在个人信息清单里，或者写明与人无关",
    en="Every table and column that the database has stands in the inventory, or is set apart",
)
def nothing_is_kept_undeclared(
    tx: sa.Connection, site: Site, regime: Regime, *, now: datetime
) -> Finding:
    """Asks the database itself what it holds, so that a column added by hand is seen."""
    inventory, there = load_inventory(), sa.inspect(tx)
    declared: dict[str, set[str]] = {}
    for one in inventory.records:
        declared.setdefault(one.table, set()).update(one.fields)
    examined, found = 0, []
    for table in sorted(set(there.get_table_names()) - set(inventory.apart) - {_TECHNICAL}):
        columns = {one["name"] for one in there.get_columns(table)}
        examined += len(columns)
        found += [
            Violation(f"{table}.{one}") for one in sorted(columns - declared.get(table, set()))
        ]
    return Finding(examined=examined, violations=tuple(found[:MOST]))


@live_check(
    "2017-5.2c",
    "2022-4.2b",
    zh="公布的处理规则与清单一致，每一项都有目的、依据、种类和期限；人们看过、同意过的都是公布过的版本",
    en="The published rules say what the inventory says, each with purpose, ground, kind and "
    "retention; what people saw and consented to are versions that were published",
)
def the_rules_are_published(
    tx: sa.Connection, site: Site, regime: Regime, *, now: datetime
) -> Finding:
    published = versions(tx)
    if not published:
        return Finding(examined=0)
    newest = published[0]
    found = [Violation("/privacy", "another list")] if newest.lines != _lines() else []
    found += [Violation(one.table, "says too little") for one in newest.lines if _is_thin(one)]
    numbers = {one.number for one in published}
    found += [
        Violation(str(one), "never published")
        for one in tx.scalars(sa.select(rules_seen.c.number).distinct())
        if one not in numbers
    ]
    said = tx.execute(sa.select(consents.c.purpose, consents.c.version).distinct()).all()
    found += [
        Violation(f"{one.purpose}/{one.version}", "no such wording")
        for one in said
        if one.version not in {each.version for each in wordings().get(Purpose(one.purpose), ())}
    ]
    return Finding(examined=len(newest.lines) + len(said), violations=tuple(found[:MOST]))


def _lines() -> tuple[Line, ...]:
    return lines_of(load_inventory())


def _is_thin(line: Line) -> bool:
    """Whether a line leaves out what people have to be told."""
    told = (line.what, line.purpose, line.basis, line.retention)
    return not (line.fields and all(one.zh and one.en for one in told))


def _said(
    account: sa.Column[str], purpose: Purpose, at: sa.ColumnElement[datetime] | None
) -> sa.ColumnElement[bool]:
    """What somebody's last word on a purpose was by a moment. None: the last of all."""
    last = sa.select(consents.c.given).where(
        consents.c.account_id == account, consents.c.purpose == purpose.value
    )
    if at is not None:
        last = last.where(consents.c.at <= at)
    return sa.func.coalesce(
        last.order_by(consents.c.id.desc()).limit(1).scalar_subquery(), sa.false()
    )


_CHECKED: Final = sa.select(sa.func.count()).select_from(verifications)
_UNASKED: Final = sa.select(verifications.c.id).where(
    sa.not_(_said(verifications.c.account_id, Purpose.IDENTITY_CHECK, verifications.c.recorded_at))
)
_STILL: Final = sa.select(verifications.c.id).where(
    verifications.c.revoked_at.is_(None),
    verifications.c.valid_until > sa.bindparam("now"),
    sa.not_(_said(verifications.c.account_id, Purpose.IDENTITY_CHECK, None)),
)
_WRITTEN_TO: Final = sa.select(contacts.c.account_id).where(contacts.c.state == "confirmed")
_UNWANTED: Final = _WRITTEN_TO.where(sa.not_(_said(contacts.c.account_id, Purpose.MAIL, None)))


@live_check(
    "2017-5.2d",
    "2022-4.2c",
    zh="以同意为依据的处理，当时都有有效的同意；撤回之后不再继续",
    en="What rests on consent was consented to at that time, and ended when it was taken back",
)
def people_were_asked(tx: sa.Connection, site: Site, regime: Regime, *, now: datetime) -> Finding:
    examined = (tx.scalar(_CHECKED) or 0) + len(tx.scalars(_WRITTEN_TO).all())
    asked = ((_UNASKED, "not asked"), (_STILL, "taken back"), (_UNWANTED, "mail"))
    found = [
        Violation(str(one), note)
        for statement, note in asked
        for one in tx.scalars(statement.limit(MOST), {"now": now})
    ]
    return Finding(examined=examined, violations=tuple(found[:MOST]))


@live_check(
    "2022-4.2c",
    zh="不以同意为依据的每一项处理，都写明允许它的法律；以同意为依据的不另找理由",
    en="What is kept without a consent names the law that allows it, and consent is not asked "
    "for what a law asks for",
)
def each_purpose_has_its_ground(
    tx: sa.Connection, site: Site, regime: Regime, *, now: datetime
) -> Finding:
    """Of the rules as they are published, not as they are shipped."""
    published = versions(tx)
    lines = published[0].lines if published else ()
    consent = load_inventory().bases[CONSENT]
    found = [
        Violation(one.table) for one in lines if (one.basis == consent) == (one.law is not None)
    ]
    return Finding(examined=len(lines), violations=tuple(found[:MOST]))


_OVERDUE: Final = sa.or_(
    sa.and_(requests.c.answered_at.is_(None), requests.c.due_at < sa.bindparam("now")),
    requests.c.answered_at > requests.c.due_at,
)
_UNSAID: Final = sa.and_(requests.c.answered_at.is_not(None), requests.c.answer == "")
_ALIVE: Final = sa.select(verifications.c.id).where(
    verifications.c.revoked_at.is_(None),
    sa.exists().where(
        erasures.c.person == verifications.c.person,
        erasures.c.destroyed_at > verifications.c.recorded_at,
    ),
)


@live_check(
    "2017-5.2a",
    "2022-4.2a",
    zh="个人信息请求在期限内有答复和理由；已销毁的身份不再算作核验",
    en="Requests about personal data were answered in time, in words; who had their identity "
    "destroyed counts as verified no longer",
)
def rights_were_answered(
    tx: sa.Connection, site: Site, regime: Regime, *, now: datetime
) -> Finding:
    examined = tx.scalar(sa.select(sa.func.count()).select_from(requests)) or 0
    examined += tx.scalar(sa.select(sa.func.count()).select_from(erasures)) or 0
    return Finding(examined=examined, violations=tuple(_unanswered(tx, now))[:MOST])


def _unanswered(tx: sa.Connection, now: datetime) -> Iterator[Violation]:
    for broken, note in ((_OVERDUE, "overdue"), (_UNSAID, "no reasons")):
        for number in tx.scalars(sa.select(requests.c.number).where(broken), {"now": now}):
            yield Violation(number, note)
    for one in tx.scalars(_ALIVE):
        yield Violation(str(one), "erased and verified")
