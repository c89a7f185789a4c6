"""A reply became public: whoever it answers may want a letter about it."""

from datetime import datetime

import sqlalchemy as sa

from gentie.actions.operations.gathering import gather
from gentie.comments import queries as comments
from gentie.comments.model import Origin, State
from gentie.kernel.actor import Actor
from gentie.kernel.ids import CommentRef
from gentie.mail.model import LetterKind


def note_answer(tx: sa.Connection, ref: CommentRef, *, acting: Actor, now: datetime) -> None:
    """Nobody is told of their own replies, nor of what is not public any more.

    Raises:
        MayNot, NoSuchComment.
    """
    acting.require("job:run")
    reply = comments.get(tx, ref)
    if reply.parent is None or reply.state is not State.PUBLISHED:
        return
    answered = comments.get(tx, CommentRef(ref.thread, reply.parent))
    if answered.origin is Origin.ARCHIVE or answered.author.id == reply.author.id:
        return
    gather(tx, answered.author.id, LetterKind.REPLIES, str(ref), thread=ref.thread, now=now)
