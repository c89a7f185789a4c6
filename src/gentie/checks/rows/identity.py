"""Who may post: identity verified, agreement accepted, a pseudonym in front."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec
import sqlalchemy as sa

from gentie.accounts.tables import acceptances, agreements, verifications
from gentie.catalogue.regimes import Regime
from gentie.checks.asking import MOST, ask
from gentie.checks.model import Finding, Violation
from gentie.checks.registry import live_check
from gentie.comments.model import Author
from gentie.comments.tables import comments
from gentie.sites.model import Site

_BY_PEOPLE = sa.and_(
    comments.c.site_id == sa.bindparam("site"),
    comments.c.regime == sa.bindparam("regime"),
    comments.c.origin == "user",
)
_PUBLIC = sa.and_(_BY_PEOPLE, comments.c.published_at.is_not(None))
_COUNT = sa.select(sa.func.count()).select_from(comments)


def _unverified(at: sa.Column[datetime]) -> sa.ColumnElement[bool]:
    """No verification of the author stood at the moment in column `at`."""
    return ~sa.exists().where(
        verifications.c.account_id == comments.c.author_id,
        verifications.c.recorded_at <= at,
        verifications.c.valid_until > at,
        sa.or_(verifications.c.revoked_at.is_(None), verifications.c.revoked_at > at),
    )


def _verified_at(
    tx: sa.Connection,
    site: Site,
    regime: Regime,
    which: sa.ColumnElement[bool],
    at: sa.Column[datetime],
) -> Finding:
    """Whether the authors of some comments were verified at a moment, where that is a duty."""
    if not regime.identity.required:
        return Finding(examined=0)
    return ask(
        tx,
        _COUNT.where(which),
        sa.select(comments.c.id).where(which, _unverified(at)),
        site=site.id,
        regime=regime.id,
    )


@live_check(
    "2017-5.1a",
    "2022-4.1a",
    zh="发言者在提交时身份已核验且有效",
    en="Every author was verified when they submitted",
)
def authors_were_verified(
    tx: sa.Connection, site: Site, regime: Regime, *, now: datetime
) -> Finding:
    return _verified_at(tx, site, regime, _BY_PEOPLE, comments.c.created_at)


@live_check(
    "2017-5.1c",
    "2022-4.1c",
    zh="公布时发布者的身份核验仍然有效",
    en="Nothing was published whose author was not verified at that moment",
)
def published_by_verified(
    tx: sa.Connection, site: Site, regime: Regime, *, now: datetime
) -> Finding:
    return _verified_at(tx, site, regime, _PUBLIC, comments.c.published_at)


@live_check(
    "2017-5.1b",
    "2022-4.1b",
    zh="公开的作者信息只有前台名、头像和标记，前台名不含证件或电话号码",
    en="What the public sees of an author is a pseudonym, no number that could name a person",
)
def only_a_pseudonym_in_front(
    tx: sa.Connection, site: Site, regime: Regime, *, now: datetime
) -> Finding:
    rows = tx.execute(_SNAPSHOTS, {"site": site.id, "regime": regime.id}).all()
    broken = [row.id for row in rows if not _is_pseudonym(row.author)]
    found = tuple(Violation(str(comment)) for comment in broken[:MOST])
    return Finding(examined=len(rows), violations=found)


_SNAPSHOTS = sa.select(comments.c.id, comments.c.author).where(_BY_PEOPLE)
_LONG_NUMBER = 7
"""Digits in a row from which a name could be a phone or document number."""


class _Snapshot(Author, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Nothing may stand in a snapshot but what the public sees."""


def _is_pseudonym(author: bytes) -> bool:
    try:
        name = msgspec.json.decode(author, type=_Snapshot).name
    except msgspec.DecodeError:
        return False
    digits = "".join(letter if letter.isdigit() else " " for letter in name).split()
    return bool(name) and all(len(run) < _LONG_NUMBER for run in digits)


@live_check(
    "2017-6.1a",
    zh="发言者在提交前已接受当时有效的服务协议（或宽限期内的上一版）",
    en="Every author had accepted the agreement in force, or the one before within its grace",
)
def authors_had_agreed(tx: sa.Connection, site: Site, regime: Regime, *, now: datetime) -> Finding:
    grace = timedelta(days=regime.windows.agreement_grace_days)
    versions = tx.execute(_VERSIONS, {"regime": regime.id}).all()
    facts = {"site": site.id, "regime": regime.id}
    rows = tx.execute(_AUTHORS, facts).all()
    accepted: dict[str, list[tuple[int, datetime]]] = {}
    for row in tx.execute(_ACCEPTED, {"regime": regime.id}):
        accepted.setdefault(row.account_id, []).append((row.number, row.at))
    broken = []
    for row in rows:
        valid = _valid_numbers(versions, row.created_at, grace)
        mine = accepted.get(row.author_id, [])
        if not any(number in valid and at <= row.created_at for number, at in mine):
            broken.append(row.id)
    found = tuple(Violation(str(comment)) for comment in broken[:MOST])
    return Finding(examined=len(rows), violations=found)


_VERSIONS = (
    sa.select(agreements.c.number, agreements.c.in_force_from)
    .where(agreements.c.regime == sa.bindparam("regime"))
    .order_by(agreements.c.number)
)
_AUTHORS = sa.select(comments.c.id, comments.c.author_id, comments.c.created_at).where(_BY_PEOPLE)
_ACCEPTED = sa.select(acceptances).where(acceptances.c.regime == sa.bindparam("regime"))


def _valid_numbers(versions: Sequence[Any], at: datetime, grace: timedelta) -> set[int]:
    """The version in force at a moment, and the earlier ones while its grace lasts."""
    begun = [one for one in versions if one.in_force_from <= at]
    if not begun:
        return set()
    newest = begun[-1]
    in_grace = at < newest.in_force_from + grace
    return {one.number for one in begun} if in_grace else {newest.number}
