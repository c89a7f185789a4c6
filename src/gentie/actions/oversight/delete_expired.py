"""Delete what is older than its retention, and prove each class of it."""

from datetime import datetime, timedelta
from typing import Final

import sqlalchemy as sa

from gentie.accounts import store as accounts
from gentie.actions.closing import clear
from gentie.actions.proving import prove
from gentie.catalogue import fulfils
from gentie.comments import store as comments
from gentie.decisions import store as decisions
from gentie.kernel.actor import Actor
from gentie.media import store as attachments
from gentie.media.model import UNSENT
from gentie.privacy import queries, store
from gentie.privacy.inventory import load_inventory
from gentie.privacy.leaks import store as leaks

WITHDRAWN: Final = timedelta(days=60)
"""From a withdrawal to the deletion of its text: what the inventory says of contributions."""
DECIDED: Final = timedelta(days=1096)
"""The same after a refusal or removal."""


@fulfils("2017-8.c", "2022-7.c")
def delete_expired(tx: sa.Connection, *, acting: Actor, now: datetime) -> int:
    """Delete it, but for what is under a legal hold. Returns how many rows. Again: none.

    Raises MayNot.
    """
    acting.require("job:run")
    store.expire_holds(tx, now=now)
    held = queries.held_accounts(tx, now=now)
    for account in queries.uncleared(tx, held):
        clear(tx, account, now=now)
    return sum(
        (
            _unsent(tx, now),
            _unsent_files(tx, held, now),
            _texts(tx, held, now),
            _answered(tx, held, now),
            _closed(tx, held, now),
        )
    )


def _kept(table: str) -> timedelta:
    """How long a table is kept, as the inventory says."""
    inventory = load_inventory()
    record = next(one for one in inventory.records if one.table == table)
    return timedelta(days=inventory.retentions[record.retention].days)


def _unsent(tx: sa.Connection, now: datetime) -> int:
    gone = comments.forget_waiting(tx, now=now)
    return prove(tx, "unsent_comment", gone, upto=now - _kept("unsent_comment"), now=now)


def _unsent_files(tx: sa.Connection, held: list[str], now: datetime) -> int:
    gone = attachments.forget_unsent(tx, before=now - UNSENT, held=held)
    return prove(tx, "attachment", gone, upto=now - UNSENT, now=now)


def _texts(tx: sa.Connection, held: list[str], now: datetime) -> int:
    """Of what was withdrawn, refused or removed long ago. Its place in the thread stays."""
    withdrawn, decided = now - WITHDRAWN, now - DECIDED
    gone = comments.forget_texts(tx, withdrawn=withdrawn, decided=decided, held=held)
    media = attachments.forget_of(tx, set(gone))
    return prove(tx, "revision", len(gone), upto=withdrawn, now=now) + prove(
        tx, "attachment", media, upto=withdrawn, now=now
    )


def _answered(tx: sa.Connection, held: list[str], now: datetime) -> int:
    before = now - _kept("rights_request")
    requests = store.forget_requests(tx, before=before, held=held)
    holds = store.forget_holds(tx, before=before, held=held)
    return prove(tx, "rights_request", requests, upto=before, now=now) + prove(
        tx, "legal_hold", holds, upto=before, now=now
    )


def _closed(tx: sa.Connection, held: list[str], now: datetime) -> int:
    """Of accounts that their people closed three years ago: consents, notices, verifications."""
    before = now - _kept("account_closure")
    closed = [one for one in queries.closed_before(tx, before) if one not in held]
    if not closed:
        return 0
    gone = accounts.forget_closed(tx, closed) | {"notice": decisions.forget_notices(tx, closed)}
    gone |= store.forget_closed(tx, [*closed]) | {"leak_person": leaks.forget_closed(tx, [*closed])}
    return sum(prove(tx, data, rows, upto=before, now=now) for data, rows in gone.items())
