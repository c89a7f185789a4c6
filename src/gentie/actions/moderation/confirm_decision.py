"""Confirm what the only reviewer had to decide alone: a removal, or a severe measure."""

from datetime import datetime

import sqlalchemy as sa

from gentie.catalogue import fulfils
from gentie.decisions import rules, store
from gentie.kernel.actor import Actor
from gentie.kernel.ids import DecisionId
from gentie.standing import store as standing
from gentie.standing.model import HOLD_TOPIC, Bar
from gentie.standing.rules import bar_of
from gentie.storage.outbox import send_on_commit


@fulfils("2017-9.1c", "2022-8.c")
def confirm_decision(
    tx: sa.Connection, decision: DecisionId, *, acting: Actor, now: datetime
) -> None:
    """Let a lone reviewer's decision last. Without this it ends by itself at `confirm_before`.

    Raises:
        MayNot, NoSuchDecision, NeedsSecondPerson: nothing was changed.
        NothingToConfirm: it waits for nobody, or has ended.
    """
    acting.require("measure:confirm")
    kept = store.get(tx, decision)
    target = kept.decision.target
    acting.require("measure:confirm", site=target.site)
    rules.require_other_person(kept.decided_by, acting.id)
    rules.require_unconfirmed(kept, confirmed=store.is_confirmed(tx, decision), now=now)
    store.confirm(tx, decision, by=acting.id, now=now)
    entry = _lengthened(standing.find_bar(tx, decision), kept.decision.until, now=now)
    standing.confirm(tx, target.author, decision, bar=entry, by=acting.id)
    if entry is not None:
        send_on_commit(tx, HOLD_TOPIC, {"person": entry.person}, due=now)


def _lengthened(entry: Bar | None, until: datetime | None, *, now: datetime) -> Bar | None:
    if entry is None or until is None:
        return None
    return bar_of(entry.person, entry.decision, until, now=now)
