"""Withdraw what somebody wrote who closed their account and took it along."""

from datetime import datetime

import sqlalchemy as sa

from gentie.accounts.roles import actor_of_account
from gentie.actions.posting.withdraw_comment import withdraw_comment
from gentie.comments import queries as comments
from gentie.comments.model import State
from gentie.kernel.actor import Actor
from gentie.kernel.ids import AccountId
from gentie.privacy import queries
from gentie.privacy.model import Comments


def take_comments_along(
    tx: sa.Connection,
    account: AccountId,
    *,
    before: str | None,
    acting: Actor,
    now: datetime,
) -> str | None:
    """Withdraw what is public or waits among the next that they wrote, newest first.

    `before` is the id of the last one looked at. Returns the last one of these, or None when
    there are no more. Replies of others stay where they are. Doing it again does no harm.
    """
    acting.require("job:run")
    closure = queries.find_closure(tx, account)
    if closure is None or closure.comments is not Comments.GO:
        return None
    written = comments.written_by(tx, account, before=before)
    for one in written:
        if one.state in (State.PUBLISHED, State.HELD):
            withdraw_comment(tx, one.ref, acting=actor_of_account(account), now=now)
    return written[-1].id if len(written) == comments.MOST else None
