"""Tell some of those whom a leak concerns."""

from datetime import datetime
from typing import Final

import sqlalchemy as sa

from gentie.accounts import queries as accounts
from gentie.actions.entering_leaks import enter
from gentie.actions.operations.gathering import gather
from gentie.catalogue import fulfils
from gentie.decisions import store as decisions
from gentie.kernel.actor import Actor
from gentie.mail.model import LetterKind
from gentie.privacy.leaks import rules, store
from gentie.privacy.leaks.model import Concerns, Leak, Step

AT_ONCE: Final = 500


@fulfils("2017-5.2a", "2022-4.2a")
def tell_concerned(
    tx: sa.Connection, number: str, *, after: str, acting: Actor, now: datetime
) -> str | None:
    """Give the next batch their notices, each once. Returns where the batch ended.

    `after` is where the last one did, empty at first. None: all have been told, and it is entered.

    Raises:
        MayNot, NoSuchLeak: nothing was changed.
    """
    acting.require("job:run")
    history = store.get(tx, number)
    if Step.TOLD in rules.steps_of(history.entries):
        return None
    last = _gather(tx, history.leak, after)
    told = store.untold(tx, number, most=AT_ONCE)
    for account in told:
        decisions.notify_of_leak(tx, account, number, now=now)
        gather(tx, account, LetterKind.LEAKS, number, thread=None, now=now)
    store.mark_told(tx, number, told, now=now)
    if last or len(told) == AT_ONCE:
        return last or after
    count = str(history.told + len(told))
    enter(tx, history, Step.TOLD, words=count, acting=acting, now=now)
    return None


def _gather(tx: sa.Connection, leak: Leak, after: str) -> str:
    """Note the next batch of everybody. Returns where it ended. Empty: there are no more."""
    if leak.concerns is not Concerns.EVERYBODY:
        return ""
    batch = accounts.opened_before(tx, leak.found_at, after=after, most=AT_ONCE)
    store.concern(tx, leak.number, batch)
    return batch[-1] if batch else ""
