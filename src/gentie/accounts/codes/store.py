"""The SQL of one-time codes."""

from datetime import datetime

import msgspec
import sqlalchemy as sa

from gentie.accounts.codes.model import SentCode
from gentie.accounts.tables import sent_codes
from gentie.kernel.chance import digest_of

_ADD = sent_codes.insert()
_FIND = (
    sa.select(
        sent_codes.c.account_id.label("account"),
        sent_codes.c.provider,
        sent_codes.c.session,
        sent_codes.c.target,
        sent_codes.c.code,
        sent_codes.c.tries,
        sent_codes.c.back_to,
        sent_codes.c.expires_at,
        sent_codes.c.used_at,
    )
    .where(sent_codes.c.ticket == sa.bindparam("ticket"))
    .with_for_update()
)
_THIS = sent_codes.update().where(sent_codes.c.ticket == sa.bindparam("b_ticket"))
_COUNT = _THIS.values(tries=sent_codes.c.tries + 1)
_USE = _THIS.values(used_at=sa.bindparam("now"))
_FORGET = sent_codes.delete().where(sent_codes.c.expires_at < sa.bindparam("before"))


def add_code(tx: sa.Connection, ticket: str, kept: SentCode) -> None:
    row = msgspec.structs.asdict(kept)
    account = row.pop("account")
    tx.execute(_ADD, row | {"ticket": digest_of(ticket), "account_id": account})


def find_code(tx: sa.Connection, ticket: str) -> SentCode | None:
    """Load and lock, so that a code sent twice at once counts once."""
    row = tx.execute(_FIND, {"ticket": digest_of(ticket)}).one_or_none()
    return None if row is None else msgspec.convert(row, SentCode, from_attributes=True)


def count_try(tx: sa.Connection, ticket: str) -> None:
    tx.execute(_COUNT, {"b_ticket": digest_of(ticket)})


def use_code(tx: sa.Connection, ticket: str, *, now: datetime) -> None:
    tx.execute(_USE, {"b_ticket": digest_of(ticket), "now": now})


def forget_codes(tx: sa.Connection, *, before: datetime) -> int:
    """Drop codes whose time was over by then. Returns how many."""
    return tx.execute(_FORGET, {"before": before}).rowcount
