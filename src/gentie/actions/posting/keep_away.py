"""Mute or block the author of a comment."""

from datetime import datetime

import sqlalchemy as sa

from gentie.boundaries import store
from gentie.boundaries.model import Keep, NoSuchPerson
from gentie.comments import queries as comments
from gentie.comments.model import Comment, NotPublished, Origin, OwnComment, State
from gentie.kernel.actor import Actor
from gentie.kernel.ids import CommentRef

_SEEN = (State.PUBLISHED, State.REMOVED)


def keep_away(
    tx: sa.Connection, ref: CommentRef, keep: Keep | None, *, acting: Actor, now: datetime
) -> str:
    """Keep the author away, or with None let them back. Returns their front-stage name.

    They hear nothing of it, and it changes nothing for anybody else. Twice is once.

    Raises:
        MayNot, NoSuchComment, NotPublished, OwnComment, NoSuchPerson, TooManyPeople: nothing was
            changed.
    """
    acting.require("boundary:set")
    comment = comments.get(tx, ref)
    acting.require("boundary:set", site=comment.site)
    _require_somebody_else(comment, acting)
    if keep is None:
        store.let_back(tx, acting.account, comment.author.id)
    else:
        store.keep_away(tx, acting.account, comment.author.id, keep, now=now)
    return comment.author.name


def _require_somebody_else(comment: Comment, acting: Actor) -> None:
    if comment.author.id == acting.account:
        raise OwnComment
    if comment.state not in _SEEN:
        raise NotPublished
    if comment.origin is Origin.ARCHIVE:  # written elsewhere, by nobody who has an account
        raise NoSuchPerson
