"""Send what was kept: once, however often the button is pressed."""

from datetime import datetime

import sqlalchemy as sa

from gentie.actions.posting.routing import Submitted
from gentie.actions.posting.submit_comment import Submission, submit_comment
from gentie.comments import store
from gentie.kernel.actor import Actor


def send_draft(
    tx: sa.Connection, secret: str, submission: Submission, *, acting: Actor, now: datetime
) -> Submitted:
    """Submit a kept text and forget it. `secret` is the digest it was kept under.

    Raises:
        NothingWaiting: it was sent already, or its day is over.
        What `submit_comment` raises: nothing was changed, and the text is still kept.
    """
    acting.require("comment:submit", site=submission.site)
    store.take_waiting(tx, secret)
    return submit_comment(tx, submission, acting=acting, now=now)
