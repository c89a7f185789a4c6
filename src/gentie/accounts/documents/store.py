"""The SQL of document checks."""

from datetime import datetime

import msgspec
import sqlalchemy as sa

from gentie.accounts.documents.model import Check
from gentie.accounts.tables import document_checks as checks
from gentie.kernel.chance import digest_of
from gentie.kernel.ids import AccountId

_ADD = checks.insert()
_COLUMNS = (
    checks.c.account_id.label("account"),
    checks.c.provider,
    checks.c.back_to,
    checks.c.expires_at,
    checks.c.answered_at,
)
_FIND = (
    sa.select(*_COLUMNS).where(checks.c.reference == sa.bindparam("reference")).with_for_update()
)
_ANSWERED = (
    checks.update()
    .where(checks.c.reference == sa.bindparam("b_reference"))
    .values(answered_at=sa.bindparam("now"))
)
_FORGET = checks.delete().where(checks.c.expires_at < sa.bindparam("before"))


def add_check(tx: sa.Connection, reference: str, check: Check) -> None:
    row = msgspec.structs.asdict(check)
    account: AccountId = row.pop("account")
    tx.execute(_ADD, row | {"reference": digest_of(reference), "account_id": account})


def find_check(tx: sa.Connection, reference: str) -> Check | None:
    """Load and lock, so that an answer that comes twice counts once."""
    row = tx.execute(_FIND, {"reference": digest_of(reference)}).one_or_none()
    return None if row is None else msgspec.convert(row, Check, from_attributes=True)


def mark_answered(tx: sa.Connection, reference: str, *, now: datetime) -> None:
    tx.execute(_ANSWERED, {"b_reference": digest_of(reference), "now": now})


def forget_checks(tx: sa.Connection, *, before: datetime) -> int:
    """Drop checks whose time was over by then. Returns how many."""
    return tx.execute(_FORGET, {"before": before}).rowcount
