"""How news for a person comes into a letter: into one that waits, else into a new one."""

from datetime import datetime

import sqlalchemy as sa

from gentie.kernel.ids import AccountId, ThreadId
from gentie.mail import rules, store
from gentie.mail.model import LetterKind


def gather(
    tx: sa.Connection,
    account: AccountId,
    kind: LetterKind,
    about: str,
    *,
    thread: ThreadId | None,
    now: datetime,
) -> None:
    """Have a person told, if they want it. Twice the same is told once."""
    contact = store.find_contact(tx, account)
    if contact is None or not rules.wants(contact, kind, now=now):
        return
    waiting = store.find_open(tx, account, kind, thread)
    if waiting is not None:
        store.add_item(tx, account, kind, about, letter=waiting.id)
        return
    due = rules.first_due(store.last_sent(tx, account, kind, thread), now=now)
    letter = store.add_letter(tx, account, kind, thread=thread, due=due, now=now)
    if not store.add_item(tx, account, kind, about, letter=letter):
        store.drop_letter(tx, account, letter)
