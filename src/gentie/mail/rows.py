"""Rows of mail as model values, and the statements that reading and writing share."""

from typing import Any

import msgspec
import sqlalchemy as sa

from gentie.kernel.ids import AccountId, ThreadId
from gentie.mail.model import Contact, ContactState, Letter, LetterKind, LetterState, SignInLink
from gentie.mail.tables import contacts, links
from gentie.storage.schema import Id

CONTACT = sa.select(contacts).where(contacts.c.account_id == sa.bindparam("account"))

LINK = sa.select(
    links.c.account_id.label("account"),
    links.c.letter,
    links.c.browser,
    links.c.back_to,
    links.c.expires_at,
    links.c.used_at,
).where(
    links.c.account_id == sa.bindparam("account"),
    links.c.letter == sa.bindparam("letter", type_=Id),
)


def contact_of(row: Any) -> Contact:
    return Contact(
        account=AccountId(row.account_id),
        sealed=row.sealed,
        hint=row.hint,
        mark=row.mark,
        lang=row.lang,
        replies=row.replies,
        decisions=row.decisions,
        sign_in=row.sign_in,
        state=ContactState(row.state),
        asked_at=row.asked_at,
        confirmed_at=row.confirmed_at,
    )


def link_of(row: Any) -> SignInLink:
    return msgspec.convert(row, SignInLink, from_attributes=True)


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
