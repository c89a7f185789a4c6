"""Reading media: one's own uploads, what stands in a comment, which bytes are still needed."""

from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa

from gentie.kernel.ids import AccountId, CommentRef
from gentie.media.model import Attachment, State, Used
from gentie.media.rows import attachment_of
from gentie.media.rules import DAY
from gentie.media.tables import attachments, objects
from gentie.storage.schema import Id

_ONE = sa.select(attachments).where(attachments.c.id == sa.bindparam("id"))
_OF_COMMENT = (
    sa.select(attachments)
    .where(
        attachments.c.thread == sa.bindparam("thread", type_=Id),
        attachments.c.comment == sa.bindparam("comment", type_=Id),
    )
    .order_by(attachments.c.id)
)
_OF_ACCOUNT = (
    sa.select(attachments)
    .where(attachments.c.account == sa.bindparam("account"))
    .order_by(attachments.c.created_at, attachments.c.id)
)
_USED = sa.select(sa.func.count(), sa.func.coalesce(sa.func.sum(attachments.c.size), 0)).where(
    attachments.c.account == sa.bindparam("account"),
    attachments.c.created_at > sa.bindparam("since"),
    attachments.c.state != State.REFUSED.value,
)
_WAITING = sa.select(sa.func.count()).where(
    attachments.c.state == State.CHECKING.value,
    sa.or_(attachments.c.lease_until.is_(None), attachments.c.lease_until < sa.bindparam("now")),
)
_ORIGINALS = (
    sa.select(attachments.c.sha256)
    .where(attachments.c.sha256.in_(sa.bindparam("digests", expanding=True)))
    .distinct()
)
_SHOWN = (
    sa.select(objects.c.sha256)
    .where(objects.c.sha256.in_(sa.bindparam("digests", expanding=True)))
    .distinct()
)
_RECEIVING = sa.select(attachments.c.id).where(attachments.c.state == State.RECEIVING.value)


def find(tx: sa.Connection, attachment: str) -> Attachment | None:
    row = tx.execute(_ONE, {"id": attachment}).one_or_none()
    return None if row is None else attachment_of(row)


def of_comment(tx: sa.Connection, comment: CommentRef) -> list[Attachment]:
    """What a contribution has taken along."""
    facts = {"thread": comment.thread, "comment": comment.comment}
    return [attachment_of(row) for row in tx.execute(_OF_COMMENT, facts)]


def uploads_of(tx: sa.Connection, account: AccountId) -> list[Attachment]:
    """Everything that somebody has sent and that is still here, the oldest first."""
    return [attachment_of(row) for row in tx.execute(_OF_ACCOUNT, {"account": account})]


def used_by(tx: sa.Connection, account: AccountId, *, now: datetime) -> Used:
    """What an account sent within the last day, but for what was refused."""
    count, size = tx.execute(_USED, {"account": account, "since": now - DAY}).one()
    return Used(count=count, size=int(size))


def waits(tx: sa.Connection, *, now: datetime) -> bool:
    """Whether an upload waits for the scrubber."""
    return bool(tx.scalar(_WAITING, {"now": now}))


def receiving(tx: sa.Connection) -> list[str]:
    """Uploads whose bytes have not all been taken over yet."""
    return list(tx.scalars(_RECEIVING))


def needed(tx: sa.Connection, digests: Collection[str], *, originals: bool) -> set[str]:
    """Which of these bytes some attachment still needs."""
    statement = _ORIGINALS if originals else _SHOWN
    return set(tx.scalars(statement, {"digests": sorted(digests)}))
