"""Say who may reply to any of one's own comments."""

from datetime import datetime

import sqlalchemy as sa

from gentie.boundaries import store
from gentie.boundaries.model import Replies
from gentie.kernel.actor import Actor


def limit_all_replies(tx: sa.Connection, replies: Replies, *, acting: Actor, now: datetime) -> None:
    """Where a comment has no limit of its own. Raises MayNot."""
    acting.require("account:self")
    store.set_replies(tx, acting.account, replies)
