"""What people may want a letter about leaves as a message: whether they do is looked up later."""

from datetime import datetime

import sqlalchemy as sa

from gentie.comments.model import Comment
from gentie.decisions.model import Decision
from gentie.storage.outbox import send_on_commit

ANSWERED = "comment.answered"
DECIDED = "decision.made"


def tell_answered(tx: sa.Connection, comment: Comment, *, now: datetime) -> None:
    """A reply is public for the first time."""
    if comment.parent is not None:
        body = {"thread": comment.thread, "comment": comment.id}
        send_on_commit(tx, ANSWERED, body, due=now)


def tell_decided(tx: sa.Connection, decision: Decision, *, now: datetime) -> None:
    """A person has been given a notice of a decision."""
    body = {"account": decision.target.author, "decision": decision.id}
    send_on_commit(tx, DECIDED, body, due=now)
