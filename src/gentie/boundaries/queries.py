"""What the rest of the house may know of boundaries: only ever of one's own, or for a gate."""

from typing import Any

import sqlalchemy as sa

from gentie.boundaries.model import (
    Evidence,
    Keep,
    KeptAway,
    NoSuchEvidence,
    Replies,
    ReplyFacts,
    Setting,
)
from gentie.boundaries.rules import require_evidence_id
from gentie.boundaries.tables import evidence, limits, people, settings
from gentie.kernel.ids import AccountId, CommentId, CommentRef, ThreadId
from gentie.storage.prepared import Prepared
from gentie.storage.schema import Id

_SETTING = Prepared(
    sa.select(settings.c.replies, settings.c.protected_until).where(
        settings.c.account_id == sa.bindparam("account")
    )
)
_KEEP = Prepared(
    sa.select(people.c.keep).where(
        people.c.account_id == sa.bindparam("account"), people.c.person == sa.bindparam("person")
    )
)
_LIMIT = Prepared(
    sa.select(limits.c.replies).where(
        limits.c.thread_id == sa.bindparam("thread", type_=Id),
        limits.c.comment_id == sa.bindparam("comment", type_=Id),
    )
)
_PEOPLE = (
    sa.select(people.c.person, people.c.keep, people.c.since)
    .where(people.c.account_id == sa.bindparam("account"))
    .order_by(people.c.since.desc(), people.c.person)
)
_LIMITS = sa.select(limits.c.comment_id, limits.c.replies).where(
    limits.c.thread_id == sa.bindparam("thread", type_=Id),
    limits.c.comment_id.in_(sa.bindparam("comments", expanding=True, type_=Id)),
)
_SAVED = (
    sa.select(evidence.c.id, evidence.c.at, evidence.c["items"].label("n"), evidence.c.sha256)
    .where(evidence.c.account_id == sa.bindparam("account"))
    .order_by(evidence.c.id.desc())
)
_BODY = sa.select(evidence.c.body).where(
    evidence.c.account_id == sa.bindparam("account"),
    evidence.c.id == sa.bindparam("id", type_=Id),
)


def setting_of(tx: sa.Connection, account: AccountId) -> Setting:
    row = _SETTING.first(tx, {"account": account})
    if row is None:
        return Setting()
    return Setting(replies=Replies(row.replies), protected_until=row.protected_until)


def reply_facts(
    tx: sa.Connection, *, to: AccountId, comment: CommentRef, by: AccountId
) -> ReplyFacts:
    """What decides whether `by` may reply to a comment of `to`: three reads by key."""
    own = _LIMIT.scalar(tx, {"thread": comment.thread, "comment": comment.comment})
    keep = _KEEP.scalar(tx, {"account": to, "person": by})
    return ReplyFacts(
        setting=setting_of(tx, to),
        own=None if own is None else Replies(own),
        keep=None if keep is None else Keep(keep),
    )


def kept_away(tx: sa.Connection, account: AccountId) -> list[KeptAway]:
    """Whom a person keeps away, the latest first."""
    return [
        KeptAway(person=AccountId(row.person), keep=Keep(row.keep), since=row.since)
        for row in tx.execute(_PEOPLE, {"account": account})
    ]


def limits_of(
    tx: sa.Connection, thread: ThreadId, comments: list[CommentId]
) -> dict[CommentId, Replies]:
    """Those of the comments that have a limit of their own."""
    if not comments:
        return {}
    rows = tx.execute(_LIMITS, {"thread": thread, "comments": comments})
    return {CommentId(row.comment_id): Replies(row.replies) for row in rows}


def saved_by(tx: sa.Connection, account: AccountId) -> list[Evidence]:
    """What a person has saved, the latest first."""
    return [_evidence(row) for row in tx.execute(_SAVED, {"account": account})]


def evidence_body(tx: sa.Connection, account: AccountId, evidence_id: str) -> bytes:
    """The bytes as they were saved.

    Raises:
        NoSuchEvidence: none of this person's.
    """
    facts = {"account": account, "id": require_evidence_id(evidence_id)}
    body: bytes | None = tx.scalar(_BODY, facts)
    if body is None:
        raise NoSuchEvidence
    return body


def _evidence(row: Any) -> Evidence:
    return Evidence(id=row.id, at=row.at, items=row.n, sha256=row.sha256)
