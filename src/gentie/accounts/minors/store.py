"""The SQL of minors and guardians."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from gentie.accounts.minors.model import LINK_TERM, AgeBand, GuardianLinkInvalid
from gentie.accounts.tables import ages, guardian_links, guardians
from gentie.kernel.chance import digest_of
from gentie.kernel.ids import AccountId

_WRITTEN: dict[str, Any] = {"sqlite": sqlite.insert(ages), "postgresql": postgresql.insert(ages)}
_SET_AGE = {
    name: one.on_conflict_do_update(
        index_elements=["account_id"], set_={"band": one.excluded.band, "at": one.excluded.at}
    )
    for name, one in _WRITTEN.items()
}
_ADD_LINK = guardian_links.insert()
_TAKE_LINK = (
    guardian_links.delete()
    .where(
        guardian_links.c.code == sa.bindparam("code"),
        guardian_links.c.expires_at > sa.bindparam("now"),
    )
    .returning(guardian_links.c.account_id)
)
_CONSENT = {
    name: one.on_conflict_do_update(
        index_elements=["account_id", "guardian"],
        set_={"given_at": one.excluded.given_at, "revoked_at": None},
    )
    for name, one in (
        ("sqlite", sqlite.insert(guardians)),
        ("postgresql", postgresql.insert(guardians)),
    )
}
_REVOKE = (
    guardians.update()
    .where(
        guardians.c.account_id == sa.bindparam("b_child"),
        guardians.c.guardian == sa.bindparam("b_guardian"),
        guardians.c.revoked_at.is_(None),
    )
    .values(revoked_at=sa.bindparam("now"))
)
_OF_ACCOUNT = [
    table.delete().where(table.c.account_id == sa.bindparam("b_account"))
    for table in (ages, guardians, guardian_links)
]
_FORGET_LINKS = guardian_links.delete().where(guardian_links.c.expires_at < sa.bindparam("before"))


def set_age(tx: sa.Connection, account: AccountId, band: AgeBand, *, now: datetime) -> None:
    row = {"account_id": account, "band": band.value, "at": now}
    tx.execute(_SET_AGE[tx.dialect.name], row)


def add_link(tx: sa.Connection, code: str, child: AccountId, *, now: datetime) -> None:
    row = {"code": digest_of(code), "account_id": child, "expires_at": now + LINK_TERM}
    tx.execute(_ADD_LINK, row)


def forget_account(tx: sa.Connection, account: AccountId) -> int:
    """Drop the age band of a closed account and who answered for it. Returns how many rows."""
    return sum(tx.execute(one, {"b_account": account}).rowcount for one in _OF_ACCOUNT)


def take_link(tx: sa.Connection, code: str, *, now: datetime) -> AccountId:
    """Use it up. Raises GuardianLinkInvalid."""
    child = tx.scalar(_TAKE_LINK, {"code": digest_of(code), "now": now})
    if child is None:
        raise GuardianLinkInvalid
    return AccountId(child)


def consent(tx: sa.Connection, child: AccountId, guardian: AccountId, *, now: datetime) -> None:
    row = {"account_id": child, "guardian": guardian, "given_at": now, "revoked_at": None}
    tx.execute(_CONSENT[tx.dialect.name], row)


def revoke(tx: sa.Connection, child: AccountId, guardian: AccountId, *, now: datetime) -> bool:
    """False: there was nothing to take back."""
    row = {"b_child": child, "b_guardian": guardian, "now": now}
    return tx.execute(_REVOKE, row).rowcount == 1


def forget_links(tx: sa.Connection, *, before: datetime) -> int:
    """Drop links whose time was over by then. Returns how many."""
    return tx.execute(_FORGET_LINKS, {"before": before}).rowcount
