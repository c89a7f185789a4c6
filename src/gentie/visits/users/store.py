"""The SQL of sites' own users that writes, and loads that lock."""

from datetime import datetime

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError

from gentie.kernel.chance import digest_of
from gentie.kernel.ids import AccountId, SiteId
from gentie.visits.model import (
    CodeInvalid,
    Introduction,
    SiteKey,
    SiteTokenInvalid,
    SiteUserTaken,
    Way,
)
from gentie.visits.tables import introductions, site_keys, site_users

_ADD_KEY = site_keys.insert()
_DROP_KEY = site_keys.delete().where(
    site_keys.c.site_id == sa.bindparam("b_site"), site_keys.c.kid == sa.bindparam("b_kid")
)
_INTRODUCE = introductions.insert()
_INTRODUCTION = (
    sa.select(
        introductions.c.site,
        introductions.c.origin,
        introductions.c.mark,
        introductions.c.name,
        introductions.c.ends_at,
    )
    .where(
        introductions.c.site == sa.bindparam("site"),
        introductions.c.handle == sa.bindparam("handle"),
    )
    .with_for_update()
)
_ACCOUNT = sa.select(site_users.c.account_id).where(
    site_users.c.site == sa.bindparam("site"), site_users.c.mark == sa.bindparam("mark")
)
_TIE = {
    "sqlite": sqlite.insert(site_users).on_conflict_do_nothing(),
    "postgresql": postgresql.insert(site_users).on_conflict_do_nothing(),
}
_UNTIE = site_users.delete().where(
    site_users.c.account_id == sa.bindparam("b_account"),
    site_users.c.site == sa.bindparam("b_site"),
)
_FORGET = introductions.delete().where(introductions.c.ends_at < sa.bindparam("before"))

_FORGET_USERS = site_users.delete().where(site_users.c.account_id == sa.bindparam("b_account"))


def add_key(tx: sa.Connection, site: SiteId, key: SiteKey, *, now: datetime) -> None:
    tx.execute(_ADD_KEY, {"site_id": site, "since": now, **msgspec.structs.asdict(key)})


def drop_key(tx: sa.Connection, site: SiteId, kid: str) -> bool:
    """False: there was none of this id."""
    return tx.execute(_DROP_KEY, {"b_site": site, "b_kid": kid}).rowcount == 1


def introduce(tx: sa.Connection, one: Introduction, *, handle: str, jti: str) -> None:
    """Raises SiteTokenInvalid: this token was used before."""
    row = {**msgspec.structs.asdict(one), "handle": digest_of(handle), "jti": digest_of(jti)}
    try:
        with tx.begin_nested():
            tx.execute(_INTRODUCE, row)
    except IntegrityError as error:
        raise SiteTokenInvalid(reason="jti") from error


def find_introduction(tx: sa.Connection, handle: str, way: Way, *, now: datetime) -> Introduction:
    """Load and lock. Raises CodeInvalid: unknown, too old, or for another page."""
    row = tx.execute(_INTRODUCTION, {"site": way.site, "handle": digest_of(handle)}).one_or_none()
    if row is None or row.ends_at <= now or row.origin != way.origin:
        raise CodeInvalid
    return msgspec.convert(row, Introduction, from_attributes=True)


def account_of(tx: sa.Connection, one: Introduction) -> AccountId | None:
    """Which account a site's user has. None: none yet."""
    found: AccountId | None = tx.scalar(_ACCOUNT, {"site": one.site, "mark": one.mark})
    return found


def tie(tx: sa.Connection, one: Introduction, account: AccountId, *, now: datetime) -> None:
    """A site's user and an account belong together from now on.

    Raises:
        SiteUserTaken: the user has another account.
    """
    row = {"site": one.site, "mark": one.mark, "account_id": account, "since": now}
    tx.execute(_TIE[tx.dialect.name], row)
    if account_of(tx, one) != account:
        raise SiteUserTaken


def untie(tx: sa.Connection, account: AccountId, site: SiteId) -> None:
    tx.execute(_UNTIE, {"b_account": account, "b_site": site})


def forget(tx: sa.Connection, *, before: datetime) -> int:
    """Drop introductions that ended before then. Returns how many."""
    return tx.execute(_FORGET, {"before": before}).rowcount


def forget_account(tx: sa.Connection, account: AccountId) -> int:
    """Drop whose user on which site a closed account was. Returns how many."""
    return tx.execute(_FORGET_USERS, {"b_account": account}).rowcount
