"""Enter what was done about a leak."""

from datetime import datetime

import sqlalchemy as sa

from gentie.actions.entering_leaks import enter
from gentie.catalogue import fulfils
from gentie.kernel.actor import Actor
from gentie.privacy.leaks import rules, store
from gentie.privacy.leaks.model import Entry, LeakSettled, Step


@fulfils("2017-5.2a", "2022-4.2a")
def note_on_leak(
    tx: sa.Connection, number: str, step: Step, *, words: str, acting: Actor, now: datetime
) -> Entry:
    """A measure, what the authority was told, that nobody has to be told, what was learned.

    That nobody has to be told needs two people: the second one's entry makes it so.

    Raises:
        MayNot, NoSuchLeak, LeakUnfit, LeakSettled: nothing was changed.
    """
    acting.require("leak:agree")
    if step is not Step.SPARED:
        acting.require("leak:record")
    if not rules.is_by_people(step):
        raise LeakSettled(field="step")
    return enter(tx, store.get(tx, number), step, words=words, acting=acting, now=now)
