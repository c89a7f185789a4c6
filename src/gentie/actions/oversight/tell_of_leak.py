"""Begin to tell people of a leak that concerns them."""

from datetime import datetime

import sqlalchemy as sa

from gentie.actions.entering_leaks import enter
from gentie.catalogue import fulfils
from gentie.kernel.actor import Actor
from gentie.privacy.leaks import store
from gentie.privacy.leaks.model import LEAK_TOPIC, Entry, Step
from gentie.storage.outbox import send_on_commit


@fulfils("2017-5.2a", "2022-4.2a")
def tell_of_leak(
    tx: sa.Connection, number: str, *, words: str, acting: Actor, now: datetime
) -> Entry:
    """From now on each gets a notice, batch after batch (`tell_concerned`).

    Raises:
        MayNot, NoSuchLeak, LeakUnfit, LeakSettled: nothing was changed.
    """
    acting.require("leak:record")
    entry = enter(tx, store.get(tx, number), Step.TELLING, words=words, acting=acting, now=now)
    send_on_commit(tx, LEAK_TOPIC, {"leak": number}, due=now)
    return entry
