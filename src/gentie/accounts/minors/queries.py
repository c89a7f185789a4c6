"""What is known of ages and guardians."""

from datetime import datetime

import msgspec
import sqlalchemy as sa

from gentie.accounts.minors.model import MINORS, AgeBand, GuardianLinkInvalid, Guardianship
from gentie.accounts.tables import ages, guardian_links, guardians
from gentie.kernel.chance import digest_of
from gentie.kernel.ids import AccountId
from gentie.storage.prepared import Prepared

_BAND = Prepared(sa.select(ages.c.band).where(ages.c.account_id == sa.bindparam("account")))
_COLUMNS = (
    guardians.c.account_id.label("child"),
    guardians.c.guardian,
    guardians.c.given_at,
    guardians.c.revoked_at,
)
_OF = (
    sa.select(*_COLUMNS)
    .where(guardians.c.account_id == sa.bindparam("account"))
    .order_by(guardians.c.given_at)
)
_BY = (
    sa.select(*_COLUMNS)
    .where(guardians.c.guardian == sa.bindparam("account"))
    .order_by(guardians.c.given_at)
)
_LINK = sa.select(guardian_links.c.account_id).where(
    guardian_links.c.code == sa.bindparam("code"),
    guardian_links.c.expires_at > sa.bindparam("now"),
)


def find_band(tx: sa.Connection, account: AccountId) -> AgeBand | None:
    """How old somebody is. None: no check has said."""
    row = _BAND.first(tx, {"account": account})
    return None if row is None else AgeBand(row.band)


def is_minor(tx: sa.Connection, account: AccountId) -> bool:
    """Whether a check has said that somebody is under eighteen."""
    return find_band(tx, account) in MINORS


def guardians_of(tx: sa.Connection, child: AccountId) -> list[Guardianship]:
    """Every consent that was ever given for a child, the withdrawn ones too."""
    return [_read(row) for row in tx.execute(_OF, {"account": child})]


def children_of(tx: sa.Connection, guardian: AccountId) -> list[Guardianship]:
    """Whom somebody has answered for, the withdrawn ones too."""
    return [_read(row) for row in tx.execute(_BY, {"account": guardian})]


def child_behind(tx: sa.Connection, code: str, *, now: datetime) -> AccountId:
    """Whose link this is. Raises GuardianLinkInvalid."""
    child = tx.scalar(_LINK, {"code": digest_of(code), "now": now})
    if child is None:
        raise GuardianLinkInvalid
    return AccountId(child)


def _read(row: object) -> Guardianship:
    return msgspec.convert(row, Guardianship, from_attributes=True)
