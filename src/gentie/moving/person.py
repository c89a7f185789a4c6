"""What one person gets of their own, in the words of an export. Nothing that only others know."""

from collections.abc import Iterator
from typing import Any, Final

import sqlalchemy as sa

from gentie.accounts.tables import sessions
from gentie.cases.tables import cases
from gentie.comments.tables import archive_authors, comments, votes
from gentie.kernel.actor import Actor
from gentie.kernel.ids import AccountId, CommentId, CommentRef, ThreadId
from gentie.mail import queries as mail
from gentie.mail.model import Contact, Letter
from gentie.moving.authors import author_of
from gentie.moving.queries import archive_name, case_record
from gentie.moving.records import (
    CommentRecord,
    LetterRecord,
    MailRecord,
    OwnVote,
    PersonExport,
    SessionRecord,
)
from gentie.moving.threads import own_comment

FORMAT: Final = "gentie-person/1"

_COMMENTS = (  # scatter: a person's own, asked for rarely
    sa.select(comments)
    .where(comments.c.author_id == sa.bindparam("account"))
    .order_by(comments.c.id, comments.c.thread_id)
)
_VOTES = (  # scatter: a person's own, asked for rarely
    sa.select(votes.c.thread_id, votes.c.comment_id, votes.c.at)
    .where(votes.c.account == sa.bindparam("account"))
    .order_by(votes.c.at, votes.c.comment_id)
)
_CASES = sa.select(cases).where(cases.c.filed_by == sa.bindparam("account")).order_by(cases.c.id)
_NAMES = (
    sa.select(archive_authors)
    .where(archive_authors.c.account == sa.bindparam("account"))
    .order_by(archive_authors.c.author)
)
_SESSIONS = (
    sa.select(sessions.c.kind, sessions.c.opened_at, sessions.c.expires_at, sessions.c.revoked_at)
    .where(sessions.c.holder == sa.bindparam("account"))
    .order_by(sessions.c.opened_at)
)


def load_person(tx: sa.Connection, *, acting: Actor) -> PersonExport:
    """Everything that is kept about whoever asks, on all sites. Raises MayNot: no commenter."""
    acting.require("account:self")
    account = acting.account
    facts = {"account": account}
    return PersonExport(
        format=FORMAT,
        author=author_of(tx, account),
        comments=tuple(_written(tx, account)),
        cases=tuple(case_record(row, own=True) for row in tx.execute(_CASES, facts)),
        archive_names=tuple(archive_name(row) for row in tx.execute(_NAMES, facts)),
        votes=tuple(_vote(row) for row in tx.execute(_VOTES, facts)),
        sessions=tuple(_session(row) for row in tx.execute(_SESSIONS, facts)),
        mail=_mail(mail.find_contact(tx, account)),
        letters=tuple(_letter(one) for one in mail.letters_to(tx, account)),
    )


def _written(tx: sa.Connection, account: AccountId) -> Iterator[CommentRecord]:
    for row in tx.execute(_COMMENTS, {"account": account}).all():
        yield own_comment(tx, row)


def _vote(row: Any) -> OwnVote:
    ref = CommentRef(ThreadId(row.thread_id), CommentId(row.comment_id))
    return OwnVote(ref=str(ref), at=row.at)


def _mail(contact: Contact | None) -> MailRecord | None:
    if contact is None:
        return None
    return MailRecord(
        hint=contact.hint,
        state=contact.state.value,
        lang=contact.lang,
        replies=contact.replies,
        decisions=contact.decisions,
        asked_at=contact.asked_at,
        confirmed_at=contact.confirmed_at,
    )


def _letter(letter: Letter) -> LetterRecord:
    return LetterRecord(
        letter=letter.kind.value,
        state=letter.state.value,
        created_at=letter.created_at,
        sent_at=letter.sent_at,
        error=letter.error,
    )


def _session(row: Any) -> SessionRecord:
    return SessionRecord(
        session=row.kind,
        opened_at=row.opened_at,
        expires_at=row.expires_at,
        revoked_at=row.revoked_at,
    )
