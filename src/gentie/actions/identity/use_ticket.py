"""Use a ticket up: from now on the identity counts as opened."""

from datetime import datetime

import sqlalchemy as sa

from gentie.actions.identity.booking import book_on_commit
from gentie.catalogue import fulfils
from gentie.kernel.actor import Actor
from gentie.vault import rules, store
from gentie.vault.model import Disclosure, TicketInvalid


@fulfils("2017-5.2a", "2022-4.2a")
def use_ticket(tx: sa.Connection, ticket: str, *, acting: Actor, now: datetime) -> Disclosure:
    """Mark the disclosure as opened before anything is, so that a crash never hides a look.

    Raises:
        TicketInvalid: unknown, used, replaced by a newer one, or older than 15 minutes.
        QuotaReached: enough were opened today, or of this account this month. The caller sounds
            the alarm (`sound_alarm`); the ticket stays good for the rest of its term.
        DisclosureEnded, NotApproved: refused meanwhile, or its term is over.
    """
    acting.require("vault:open")
    asked = store.find_by_ticket(tx, ticket)
    if asked is None or asked.opened_at is not None:
        raise TicketInvalid
    if asked.ticket_until is None or asked.ticket_until <= now:
        raise TicketInvalid
    rules.require_may_open(asked, store.approvals_of(tx, asked.id), now=now)
    today, of_account = store.opened_lately(tx, asked, now=now)
    rules.require_within_quota(today=today, of_account=of_account)
    store.mark_opened(tx, asked.id, now=now)
    salt = store.salt_of(tx, asked.id)
    book_on_commit(tx, "opened", asked, by=asked.asked_by, salt=salt, now=now)
    return asked
