"""Note how an attempt to send a letter ended, and what follows from it."""

from datetime import datetime

import sqlalchemy as sa

from gentie.kernel.actor import Actor
from gentie.mail import rules, store
from gentie.mail.model import Letter, LetterState, Outcome, Sent

_FINAL = {
    Outcome.SENT: LetterState.SENT,
    Outcome.NOTHING: LetterState.DROPPED,
    Outcome.REFUSED: LetterState.FAILED,
    Outcome.NO_SUCH_ADDRESS: LetterState.FAILED,
}


def settle_letter(
    tx: sa.Connection, letter: Letter, sent: Sent, *, acting: Actor, now: datetime
) -> LetterState:
    """A failure that may pass is tried again, for a day. An address that fails gets no more mail.

    Raises:
        MayNot.
    """
    acting.require("job:run")
    state, due = _FINAL.get(sent.outcome), now
    if state is None:
        again = rules.next_due(letter.attempts, created_at=letter.created_at, now=now)
        state, due = (LetterState.WAITING, again) if again else (LetterState.FAILED, now)
    if sent.outcome is Outcome.NO_SUCH_ADDRESS:
        store.fail_contact(tx, letter.account)
    store.settle(tx, letter, state, due=due, why=sent.why, now=now)
    return state
