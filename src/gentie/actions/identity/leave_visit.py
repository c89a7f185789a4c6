"""Sign out on a page of another site."""

from datetime import datetime

import sqlalchemy as sa

from gentie.accounts.model import SessionExpired
from gentie.kernel.actor import Actor
from gentie.visits import rules, store


def leave_visit(tx: sa.Connection, token: str, *, acting: Actor, now: datetime) -> None:
    """End the visit with this token, which has to be one's own; ask the next time.

    The session here goes on: it is ended here.

    Raises:
        MayNot, SessionExpired: nothing was changed.
    """
    acting.require("visit:self")
    visit_id, _ = rules.read_token(token) or ("", "")
    visit = store.find_visit(tx, visit_id)
    if visit is None or visit.account != acting.account or visit.site != acting.site:
        raise SessionExpired
    store.end(tx, visit.id, now=now)
    store.ask_again(tx, visit.account, visit.site)
