"""What happens around a disclosure goes into the vault's own book: the part that its acts share."""

from datetime import datetime

import msgspec
import sqlalchemy as sa

from gentie import ledger
from gentie.storage.outbox import send_on_commit
from gentie.vault.model import AUDIT_TOPIC, Disclosure


class Booked(msgspec.Struct, frozen=True, kw_only=True):
    """What a line of the book commits to."""

    event: str
    by: str
    disclosure: Disclosure


def book_on_commit(
    tx: sa.Connection, event: str, asked: Disclosure, *, by: str, salt: bytes, now: datetime
) -> None:
    """Have a line entered. The vault is another database: a message carries it there, once."""
    record = ledger.commitment(Booked(event=event, by=by, disclosure=asked), salt)
    body = {
        "reference": f"{asked.id}:{event}:{by}",
        "event": event,
        "record": record,
        "person": asked.person,
    }
    send_on_commit(tx, AUDIT_TOPIC, body, due=now)
