"""What a person keeps from themselves and from others, and what they saved."""

from datetime import datetime

import msgspec
import sqlalchemy as sa

from gentie.accounts import queries as accounts
from gentie.accounts.model import NoSuchAccount
from gentie.boundaries import queries
from gentie.boundaries.model import (
    LOOKS_BACK,
    MOST_ITEMS,
    Bundle,
    Evidence,
    EvidenceItem,
    Keep,
    Replies,
    Trace,
    Why,
)
from gentie.boundaries.rules import folded, is_protected
from gentie.comments.model import Comment
from gentie.comments.people.queries import Answer, answers_here, answers_to, has_answered
from gentie.comments.people.queries import written_here as written_by
from gentie.decisions.queries import decisions_on
from gentie.kernel.actor import Actor
from gentie.kernel.ids import AccountId, CommentId, CommentRef, LeafId, ThreadId
from gentie.ledger.queries import NotInLog, indexes_of, note_of

_MOST_ASKED = 100
"""Different people in one thread of whom it is looked up whether they are strangers."""


class Folded(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    why: Why


class InThread(msgspec.Struct, frozen=True, kw_only=True):
    """What holds for one person in one thread."""

    folded: tuple[Folded, ...]
    limits: dict[str, Replies]
    replies_from: Replies
    protected_until: datetime | None


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody whom I keep away."""

    id: AccountId
    """Opens nothing; here so that one line can be taken off the list."""
    name: str
    keep: Keep
    since: datetime


class Mine(msgspec.Struct, frozen=True, kw_only=True):
    """Everything I have set."""

    replies_from: Replies
    protected_until: datetime | None
    people: tuple[Person, ...]
    evidence: tuple[Evidence, ...]


def load_boundaries(
    tx: sa.Connection,
    thread: ThreadId | None,
    own: list[Comment],
    *,
    account: AccountId,
    now: datetime,
) -> InThread:
    """What a person has to know of their boundaries in a thread. None: nobody has written there."""
    setting = queries.setting_of(tx, account)
    protected = is_protected(setting, now=now)
    hidden = _folded(tx, thread, account, protected=protected) if thread else {}
    limits = queries.limits_of(tx, thread, [one.id for one in own]) if thread else {}
    return InThread(
        folded=tuple(
            Folded(id=str(CommentRef(ThreadId(thread or ""), one)), why=why)
            for one, why in hidden.items()
        ),
        limits={str(CommentRef(ThreadId(thread or ""), one)): to for one, to in limits.items()},
        replies_from=setting.replies,
        protected_until=setting.protected_until if protected else None,
    )


def load_all(tx: sa.Connection, *, acting: Actor, now: datetime) -> Mine:
    """Raises MayNot."""
    account = acting.account
    setting = queries.setting_of(tx, account)
    return Mine(
        replies_from=setting.replies,
        protected_until=setting.protected_until if is_protected(setting, now=now) else None,
        people=tuple(
            Person(id=one.person, name=_name(tx, one.person), keep=one.keep, since=one.since)
            for one in queries.kept_away(tx, account)
        ),
        evidence=tuple(queries.saved_by(tx, account)),
    )


def load_bundle(tx: sa.Connection, *, acting: Actor, now: datetime) -> Bundle:
    """What others replied to a person lately, as it stands, with its traces in the log.

    Raises MayNot.
    """
    since = now - LOOKS_BACK
    answers = answers_to(tx, acting.account, since=since, most=MOST_ITEMS)
    return Bundle(
        saved_at=now,
        since=since,
        items=tuple(_item(tx, one) for one in answers),
        log=_checkpoint(tx),
    )


def _folded(
    tx: sa.Connection, thread: ThreadId, account: AccountId, *, protected: bool
) -> dict[CommentId, Why]:
    kept = queries.kept_away(tx, account)
    written = written_by(tx, thread, [one.person for one in kept])
    answers = answers_here(tx, thread, account) if protected else {}
    authors = sorted(set(answers.values()))[:_MOST_ASKED]
    strangers = [one for one in authors if not has_answered(tx, account, one)]
    return folded(kept, strangers, written | answers, answers)


def _item(tx: sa.Connection, answer: Answer) -> EvidenceItem:
    kept = decisions_on(tx, answer.ref.thread, answer.ref.comment)
    places: dict[LeafId, int] = indexes_of(tx, [one.leaf for one in kept])
    return EvidenceItem(
        id=str(answer.ref),
        in_reply_to=str(answer.to),
        author=answer.author,
        state=answer.state.value,
        text=answer.text,
        written_at=answer.created_at,
        edited_at=answer.edited_at,
        traces=tuple(Trace(record=one.record, index=places.get(one.leaf)) for one in kept),
    )


def _checkpoint(tx: sa.Connection) -> str:
    try:
        return note_of(tx)
    except NotInLog:
        return ""


def _name(tx: sa.Connection, person: AccountId) -> str:
    """Their name of today. Empty: the account is gone."""
    try:
        return accounts.get_poster(tx, person).name
    except NoSuchAccount:
        return ""
