"""Rows of mail as model values, and the statements that reading and writing share."""

from typing import Any

import sqlalchemy as sa

from gentie.kernel.ids import AccountId, ThreadId
from gentie.mail.model import Contact, ContactState, Letter, LetterKind, LetterState
from gentie.mail.tables import contacts

CONTACT = sa.select(contacts).where(contacts.c.account_id == sa.bindparam("account"))


def contact_of(row: Any) -> Contact:
    return Contact(
        account=AccountId(row.account_id),
        sealed=row.sealed,
        hint=row.hint,
        mark=row.mark,
        lang=row.lang,
        replies=row.replies,
        decisions=row.decisions,
        state=ContactState(row.state),
        asked_at=row.asked_at,
        confirmed_at=row.confirmed_at,
    )


def letter_of(row: Any) -> Letter:
    return Letter(
        id=row.id,
        account=AccountId(row.account_id),
        kind=LetterKind(row.kind),
        thread=None if row.thread is None else ThreadId(row.thread),
        state=LetterState(row.state),
        due_at=row.due_at,
        attempts=row.attempts,
        error=row.error,
        created_at=row.created_at,
        sent_at=row.sent_at,
        lease=row.lease,
    )
