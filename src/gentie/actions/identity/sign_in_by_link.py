"""Open a session for a commenter who has read a letter, in the browser that asked for it."""

from datetime import datetime

import msgspec
import sqlalchemy as sa

from gentie.accounts import store as accounts
from gentie.accounts.model import NewSession, SessionKind
from gentie.actions.entering import enter
from gentie.kernel.actor import Actor
from gentie.kernel.chance import digest_of
from gentie.kernel.ids import AccountId
from gentie.mail import rules, store
from gentie.mail.model import LetterKind, LinkWrong
from gentie.mail.sealing import Tickets


class CameIn(msgspec.Struct, frozen=True, kw_only=True):
    session: NewSession
    back_to: str


def sign_in_by_link(
    tx: sa.Connection,
    ticket: str,
    *,
    browser: str,
    tickets: Tickets,
    acting: Actor,
    now: datetime,
) -> CameIn:
    """Use the link up. Of a closed account it opens what is left to its person.

    Raises:
        MayNot.
        LinkWrong: used, late, of another browser, or its person does not want this any more.
    """
    acting.require("account:open")
    contact = store.find_contact(tx, AccountId(ticket.partition(".")[0]))
    letter = tickets.letter_in(ticket, contact)
    if contact is None or not rules.wants(contact, LetterKind.SIGN_IN, now=now):
        raise LinkWrong
    found = store.find_link(tx, contact.account, letter)
    link = rules.require_right(found, browser=digest_of(browser), now=now)
    store.use_link(tx, link, now=now)
    poster = accounts.get_poster(tx, contact.account)
    session = enter(tx, poster, SessionKind.COOKIE, now=now)
    return CameIn(session=session, back_to=link.back_to)
