"""A reply became public: whoever it answers may want a letter about it."""

from datetime import datetime

import sqlalchemy as sa

from gentie.actions.operations.gathering import gather
from gentie.boundaries import queries as boundaries
from gentie.boundaries.rules import is_protected, wants_to_hear
from gentie.comments import queries as comments
from gentie.comments.model import Comment, Origin, State
from gentie.comments.people.queries import has_answered
from gentie.kernel.actor import Actor
from gentie.kernel.ids import CommentRef
from gentie.mail.model import LetterKind


def note_answer(tx: sa.Connection, ref: CommentRef, *, acting: Actor, now: datetime) -> None:
    """Nobody is told of their own replies, nor of what is not public any more.

    Nor of people they keep away, and of strangers while their protection stands.

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
    if _wants_to_hear(tx, answered, reply, now=now):
        gather(tx, answered.author.id, LetterKind.REPLIES, str(ref), thread=ref.thread, now=now)


def _wants_to_hear(tx: sa.Connection, answered: Comment, reply: Comment, *, now: datetime) -> bool:
    me, other = answered.author.id, reply.author.id
    facts = boundaries.reply_facts(tx, to=me, comment=answered.ref, by=other)
    known = not is_protected(facts.setting, now=now) or has_answered(tx, me, other)
    return wants_to_hear(facts, known=known, now=now)
