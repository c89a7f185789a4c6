"""Reading contacts and letters."""

from datetime import datetime, timedelta

import msgspec
import sqlalchemy as sa

from gentie.kernel.ids import AccountId
from gentie.mail.model import Contact, Letter, SignInLink
from gentie.mail.rows import CONTACT, LINK, contact_of, letter_of, link_of
from gentie.mail.tables import items, letters, refusals
from gentie.storage.schema import Id

_ITEMS = (
    sa.select(items.c.about)
    .where(
        items.c.account_id == sa.bindparam("account"),
        items.c.letter == sa.bindparam("letter", type_=Id),
    )
    .order_by(items.c.about)
)
_LATEST = (
    sa.select(letters)
    .where(letters.c.account_id == sa.bindparam("account"))
    .order_by(letters.c.id.desc())
    .limit(20)
)
_LAST_ERROR = (
    sa.select(letters.c.error)
    .where(letters.c.error != "", letters.c.state != "sent")
    .order_by(letters.c.due_at.desc())
    .limit(1)
)
_STANDING = sa.select(
    sa.func.count().filter(letters.c.state == "waiting"),
    sa.func.min(letters.c.created_at).filter(letters.c.state == "waiting"),
    sa.func.count().filter(
        letters.c.state == "failed", letters.c.created_at > sa.bindparam("since")
    ),
)
_REFUSES = sa.select(refusals.c.mark).where(refusals.c.mark == sa.bindparam("mark"))


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """How mail goes, for the operator."""

    waiting: int
    oldest: datetime | None
    """When the oldest of those was written."""
    failed: int
    """Laid aside during the last week."""
    error: str
    """The kind of the latest failure that has not been overcome."""


def find_contact(tx: sa.Connection, account: AccountId) -> Contact | None:
    row = tx.execute(CONTACT, {"account": account}).one_or_none()
    return None if row is None else contact_of(row)


def find_link(tx: sa.Connection, letter: Letter) -> SignInLink | None:
    """The way in that a letter carries."""
    facts = {"account": letter.account, "letter": letter.id}
    row = tx.execute(LINK, facts).one_or_none()
    return None if row is None else link_of(row)


def refuses(tx: sa.Connection, mark: str) -> bool:
    """Whether an address has asked never to be written to."""
    return tx.scalar(_REFUSES, {"mark": mark}) is not None


def about(tx: sa.Connection, letter: Letter) -> list[str]:
    """Comments, decisions or leaks that a letter tells of, oldest first."""
    return list(tx.scalars(_ITEMS, {"account": letter.account, "letter": letter.id}))


def letters_to(tx: sa.Connection, account: AccountId) -> list[Letter]:
    """The latest twenty, newest first."""
    return [letter_of(row) for row in tx.execute(_LATEST, {"account": account})]


def standing(tx: sa.Connection, *, now: datetime) -> Standing:
    waiting, oldest, failed = tx.execute(_STANDING, {"since": now - timedelta(days=7)}).one()
    error = tx.scalar(_LAST_ERROR) or ""
    return Standing(waiting=waiting, oldest=oldest, failed=failed, error=error)
