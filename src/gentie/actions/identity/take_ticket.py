"""Take the ticket with which an approved identity is opened, once."""

from datetime import datetime

import msgspec
import sqlalchemy as sa

from gentie.actions.identity.booking import book_on_commit
from gentie.actions.identity.fresh_factor import use_fresh_factor
from gentie.kernel.actor import Actor
from gentie.kernel.chance import new_secret
from gentie.vault import rules, store
from gentie.vault.model import TICKET_TERM, NotYours


class Ticket(msgspec.Struct, frozen=True, kw_only=True):
    ticket: str
    """Shown once and kept nowhere."""
    until: datetime


def take_ticket(
    tx: sa.Connection,
    disclosure: str,
    *,
    code: str,
    factor_key: bytes,
    acting: Actor,
    now: datetime,
) -> Ticket:
    """Give whoever asked a ticket for 15 minutes. An earlier one is of no more use.

    The identity is opened elsewhere, by `gentie vault open`: this process cannot.

    Raises:
        NoSuchDisclosure, DisclosureEnded, NotApproved, WrongCredentials: nothing was given.
        NotYours: only who asked may look.
    """
    acting.require("disclosure:ask")
    use_fresh_factor(tx, code, factor_key=factor_key, acting=acting, now=now)
    asked = store.get_disclosure(tx, disclosure)
    if asked.asked_by != acting.id:
        raise NotYours
    rules.require_may_open(asked, store.approvals_of(tx, disclosure), now=now)
    ticket = Ticket(ticket=new_secret(), until=min(now + TICKET_TERM, asked.ends_at))
    store.give_ticket(tx, disclosure, ticket.ticket, until=ticket.until)
    salt = store.salt_of(tx, disclosure)
    book_on_commit(tx, f"ticket-{int(now.timestamp())}", asked, by=acting.id, salt=salt, now=now)
    return ticket
