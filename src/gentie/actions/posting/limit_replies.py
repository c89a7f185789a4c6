"""Say who may reply to one of one's own comments."""

from datetime import datetime

import sqlalchemy as sa

from gentie.boundaries import store
from gentie.boundaries.model import Replies
from gentie.comments import queries as comments
from gentie.comments.rules import require_author
from gentie.kernel.actor import Actor
from gentie.kernel.ids import CommentRef


def limit_replies(
    tx: sa.Connection, ref: CommentRef, replies: Replies | None, *, acting: Actor, now: datetime
) -> None:
    """From now on; what was replied before stays. None: as for all of one's comments.

    Raises:
        MayNot, NoSuchComment, NotTheAuthor: nothing was changed.
    """
    acting.require("boundary:set")
    comment = comments.get(tx, ref)
    acting.require("boundary:set", site=comment.site)
    require_author(comment, acting.account)
    store.set_limit(tx, ref, replies)
