"""Messages that leave after commit, and work that waits for its time: one table for both.

A message is written in the transaction of the act that causes it, so neither is lost without
the other. Delivery is at least once: handlers are idempotent. A taken message is hidden until its
lease ends; one that keeps failing waits longer each time and is laid aside after `TRIES`.
"""

from datetime import datetime, timedelta

import msgspec
import sqlalchemy as sa

from gentie.kernel.chance import new_id, new_secret
from gentie.storage.prepared import Prepared
from gentie.storage.running import SENT
from gentie.storage.schema import LOCAL, Id, UtcTime, metadata

TRIES = 12
LEASE = timedelta(seconds=60)
_LONGEST_WAIT = timedelta(hours=1)

messages = sa.Table(
    "message",
    metadata,
    sa.Column("id", Id, primary_key=True, autoincrement=False),
    sa.Column("topic", sa.Text, nullable=False),
    sa.Column("body", sa.LargeBinary, nullable=False),
    sa.Column("due_at", UtcTime, nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("lease", sa.Text),
    sa.Column("dead_at", UtcTime),
    sa.Column("error", sa.Text),
    sa.Index(
        "ix_message_due",
        "due_at",
        sqlite_where=sa.text("dead_at IS NULL"),
        postgresql_where=sa.text("dead_at IS NULL"),
    ),
    info=LOCAL,
)

_ADD = Prepared(messages.insert())
_DUE = (
    sa.select(messages.c.id, messages.c.topic, messages.c.body, messages.c.attempts)
    .where(messages.c.dead_at.is_(None), messages.c.due_at <= sa.bindparam("now"))
    .order_by(messages.c.due_at, messages.c.id)
    .limit(sa.bindparam("most", type_=sa.Integer))
    .with_for_update(skip_locked=True)
)
_TAKE = (
    messages.update()
    .where(messages.c.id == sa.bindparam("b_id", type_=Id))
    .values(due_at=sa.bindparam("until"), lease=sa.bindparam("token"), attempts=sa.bindparam("n"))
)
_MINE = sa.and_(
    messages.c.id == sa.bindparam("b_id", type_=Id), messages.c.lease == sa.bindparam("token")
)
_DONE = messages.delete().where(_MINE)
_FAILED = (
    messages.update()
    .where(_MINE)
    .values(
        due_at=sa.bindparam("again"),
        lease=None,
        error=sa.bindparam("why"),
        dead_at=sa.bindparam("dead"),
    )
)
_RETRY = (
    messages.update()
    .where(messages.c.id == sa.bindparam("b_id", type_=Id), messages.c.dead_at.is_not(None))
    .values(due_at=sa.bindparam("now"), dead_at=None, attempts=0)
)
_COUNTS = sa.select(
    sa.func.count().filter(messages.c.dead_at.is_(None)),
    sa.func.count().filter(messages.c.dead_at.is_not(None)),
    sa.func.min(messages.c.due_at).filter(messages.c.dead_at.is_(None)),
)


class Message(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    topic: str
    body: dict[str, str]
    attempt: int
    """1 for the first."""
    lease: str


class Backlog(msgspec.Struct, frozen=True, kw_only=True):
    waiting: int
    dead: int
    oldest_due: datetime | None


def send_on_commit(tx: sa.Connection, topic: str, body: dict[str, str], *, due: datetime) -> None:
    """Queue a message that is handled once `due` has come and this transaction is committed."""
    row = {
        "id": new_id(),
        "topic": topic,
        "body": msgspec.json.encode(body),
        "due_at": due,
        "attempts": 0,
    }
    _ADD.run(tx, row)
    tx.info[SENT] = True


def take(tx: sa.Connection, *, now: datetime, most: int = 50) -> list[Message]:
    """Lease up to `most` due messages, oldest first. Nobody else gets them until the lease ends."""
    token = new_secret()
    rows = tx.execute(_DUE, {"now": now, "most": most}).all()
    if rows:
        taken = [
            {"b_id": r.id, "until": now + LEASE, "token": token, "n": r.attempts + 1} for r in rows
        ]
        tx.execute(_TAKE, taken)
    return [
        Message(
            id=row.id,
            topic=row.topic,
            body=msgspec.json.decode(row.body, type=dict[str, str]),
            attempt=row.attempts + 1,
            lease=token,
        )
        for row in rows
    ]


def done(tx: sa.Connection, handled: list[Message]) -> None:
    """Forget messages that were handled. One whose lease was lost meanwhile stays."""
    if handled:
        tx.execute(_DONE, [{"b_id": message.id, "token": message.lease} for message in handled])


def exchange(
    tx: sa.Connection, *, handled: list[Message], now: datetime, most: int
) -> list[Message]:
    """Forget what was handled and take what is due: one commit instead of two."""
    done(tx, handled)
    return take(tx, now=now, most=most) if most else []


def failed(tx: sa.Connection, message: Message, *, why: str, now: datetime) -> None:
    """Put a message back for later, or aside when it has been tried often enough."""
    dead = message.attempt >= TRIES
    row = {
        "b_id": message.id,
        "token": message.lease,
        "again": now + wait_after(message.attempt),
        "why": why[:500],
        "dead": now if dead else None,
    }
    tx.execute(_FAILED, row)


def wait_after(attempt: int) -> timedelta:
    """0.5 s after the first failure, doubling, an hour at most."""
    return min(timedelta(milliseconds=250 * 2 ** min(attempt, 20)), _LONGEST_WAIT)


def retry(tx: sa.Connection, message: str, *, now: datetime) -> bool:
    """Bring back a message that was laid aside. False: there is none."""
    return tx.execute(_RETRY, {"b_id": message, "now": now}).rowcount == 1


def backlog(tx: sa.Connection) -> Backlog:
    waiting, dead, oldest = tx.execute(_COUNTS).one()
    return Backlog(waiting=waiting, dead=dead, oldest_due=oldest)
