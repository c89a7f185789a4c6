"""What one person gets of their own, in the words of an export. Nothing that only others know."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final, TypeVar

import msgspec
import sqlalchemy as sa

from gentie.accounts.passkeys.queries import passkeys_of
from gentie.accounts.queries import lessons_of
from gentie.accounts.tables import accounts, sessions
from gentie.boundaries.model import Replies
from gentie.boundaries.tables import evidence, limits, people, settings
from gentie.cases.tables import case_evidence, cases
from gentie.comments.tables import archive_authors, comments, votes
from gentie.kernel.actor import Actor
from gentie.kernel.ids import AccountId, CommentId, CommentRef, ThreadId
from gentie.mail import queries as mail
from gentie.mail.model import Contact, Letter
from gentie.media.model import Attachment
from gentie.media.queries import uploads_of
from gentie.moving.authors import author_of
from gentie.moving.queries import archive_name, case_record
from gentie.moving.records.own import (
    LetterRecord,
    MailRecord,
    OwnBoundaries,
    OwnClosure,
    OwnCredit,
    OwnEvidence,
    OwnHold,
    OwnLesson,
    OwnLimit,
    OwnPasskey,
    OwnPerson,
    OwnRequest,
    OwnRules,
    OwnSite,
    OwnUpload,
    OwnVisit,
    OwnVote,
    PersonExport,
    SessionRecord,
)
from gentie.moving.records.threads import CommentRecord
from gentie.moving.threads import own_comment
from gentie.privacy import queries as privacy
from gentie.privacy.rules import is_told
from gentie.standing.queries import credit_events_of
from gentie.visits.tables import connections, visits

T = TypeVar("T", bound=msgspec.Struct)

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
_NAMES = (
    sa.select(archive_authors)
    .where(archive_authors.c.account == sa.bindparam("account"))
    .order_by(archive_authors.c.author)
)
_CASES = (
    sa.select(cases, case_evidence.c.body)
    .select_from(cases.outerjoin(case_evidence, case_evidence.c.case_id == cases.c.id))
    .where(cases.c.filed_by == sa.bindparam("account"))
    .order_by(cases.c.id)
)
_SETTING = sa.select(settings).where(settings.c.account_id == sa.bindparam("account"))
_PEOPLE = (
    sa.select(people.c.keep, people.c.since, accounts.c.name)
    .select_from(people.outerjoin(accounts, accounts.c.account_id == people.c.person))
    .where(people.c.account_id == sa.bindparam("account"))
    .order_by(people.c.since, people.c.person)
)
_LIMITS = (  # scatter: a person's own, asked for rarely
    sa.select(limits.c.thread_id, limits.c.comment_id, limits.c.replies)
    .select_from(
        limits.join(
            comments,
            sa.and_(
                comments.c.thread_id == limits.c.thread_id, comments.c.id == limits.c.comment_id
            ),
        )
    )
    .where(comments.c.author_id == sa.bindparam("account"))
    .order_by(limits.c.comment_id)
)
_EVIDENCE = (
    sa.select(evidence.c.id, evidence.c.at, evidence.c.sha256, evidence.c.body)
    .where(evidence.c.account_id == sa.bindparam("account"))
    .order_by(evidence.c.id)
)
_SITES = (
    sa.select(connections.c.site, connections.c.since)
    .where(connections.c.account_id == sa.bindparam("account"))
    .order_by(connections.c.since)
)
_VISITS = (
    sa.select(
        visits.c.site, visits.c.origin, visits.c.opened_at, visits.c.ends_at, visits.c.ended_at
    )
    .where(visits.c.account == sa.bindparam("account"))
    .order_by(visits.c.opened_at)
)
_SESSIONS = (
    sa.select(sessions.c.kind, sessions.c.opened_at, sessions.c.expires_at, sessions.c.revoked_at)
    .where(sessions.c.holder == sa.bindparam("account"))
    .order_by(sessions.c.opened_at)
)


def load_person(tx: sa.Connection, *, acting: Actor, now: datetime) -> PersonExport:
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
        passkeys=tuple(_convert(one, OwnPasskey) for one in passkeys_of(tx, account)),
        mail=_mail(mail.find_contact(tx, account)),
        letters=tuple(_letter(one) for one in mail.letters_to(tx, account)),
        boundaries=_boundaries(tx, facts),
        evidence=tuple(_evidence(row) for row in tx.execute(_EVIDENCE, facts)),
        sites=tuple(_convert(row, OwnSite) for row in tx.execute(_SITES, facts)),
        visits=tuple(_convert(row, OwnVisit) for row in tx.execute(_VISITS, facts)),
        rules_seen=tuple(
            OwnRules(number=number, at=at) for number, at in privacy.all_seen(tx, account)
        ),
        closure=_closure(tx, account),
        requests=tuple(_convert(one, OwnRequest) for one in privacy.requests_of(tx, account)),
        holds=tuple(
            _convert(one, OwnHold) for one in privacy.holds_of(tx, account) if is_told(one, now=now)
        ),
        uploads=tuple(_upload(one) for one in uploads_of(tx, account)),
        credit=tuple(_convert(one, OwnCredit) for one in credit_events_of(tx, account)),
        lessons=tuple(_convert(one, OwnLesson) for one in lessons_of(tx, account)),
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
        sign_in=contact.sign_in,
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


def _boundaries(tx: sa.Connection, facts: dict[str, AccountId]) -> OwnBoundaries:
    found = tx.execute(_SETTING, facts).one_or_none()
    return OwnBoundaries(
        replies=found.replies if found else Replies.EVERYONE.value,
        protected_until=found.protected_until if found else None,
        limits=tuple(_limit(row) for row in tx.execute(_LIMITS, facts)),
        people=tuple(
            OwnPerson(name=row.name or "", keep=row.keep, since=row.since)
            for row in tx.execute(_PEOPLE, facts)
        ),
    )


def _limit(row: Any) -> OwnLimit:
    ref = CommentRef(ThreadId(row.thread_id), CommentId(row.comment_id))
    return OwnLimit(ref=str(ref), replies=row.replies)


def _evidence(row: Any) -> OwnEvidence:
    return OwnEvidence(id=row.id, at=row.at, sha256=row.sha256, bundle=row.body.decode())


def _upload(found: Attachment) -> OwnUpload:
    return OwnUpload(
        id=found.id,
        site=found.site,
        state=found.state.value,
        reason=found.reason,
        size=found.size,
        sha256=found.sha256,
        alt=found.alt,
        transcript=found.transcript,
        text=found.text,
        comment=None if found.comment is None else str(found.comment),
        created_at=found.created_at,
    )


def _closure(tx: sa.Connection, account: AccountId) -> OwnClosure | None:
    found = privacy.find_closure(tx, account)
    return None if found is None else _convert(found, OwnClosure)


def _convert(row: Any, kind: type[T]) -> T:
    return msgspec.convert(row, kind, from_attributes=True)
