"""Keep a half-written comment while its author signs up, for a day at most."""

from datetime import datetime

import sqlalchemy as sa

from gentie.comments import store
from gentie.comments.model import Unsent
from gentie.kernel.actor import Actor


def keep_draft(
    tx: sa.Connection, waiting: Unsent, *, secret: str, acting: Actor, now: datetime
) -> None:
    """Keep a text under the digest of a secret that only its author's browser has.

    Raises:
        MayNot: nothing was kept.
    """
    acting.require("attempt:count")
    store.forget_waiting(tx, now=now)
    store.keep_waiting(tx, waiting, secret=secret, now=now)
