"""Do what a link in a letter says: confirm, stop, or never again. Needs no session."""

from datetime import datetime

import sqlalchemy as sa

from gentie.accounts import store as accounts
from gentie.accounts.model import CONSENT_VERSION, Consent, Purpose
from gentie.catalogue import fulfils
from gentie.kernel.actor import Actor
from gentie.mail import rules, store
from gentie.mail.model import Answer, BadTicket, Contact, ContactState
from gentie.mail.sealing import Tickets


@fulfils("2017-5.2b")
def answer_mail(
    tx: sa.Connection, ticket: str, *, tickets: Tickets, acting: Actor, now: datetime
) -> Answer:
    """Twice the same changes nothing.

    Raises:
        MayNot.
        BadTicket: not one of ours, of an address that is not there any more, or too late.
    """
    acting.require("mail:answer")
    answer, account = tickets.read(ticket)
    contact = store.find_contact(tx, account)
    if contact is None and answer is not Answer.CONFIRM:
        return answer  # it gets nothing: that is what was asked for
    tickets.require_good(ticket, contact)
    if contact is None:
        raise BadTicket
    if answer is Answer.CONFIRM:
        _confirm(tx, contact, now=now)
    else:
        _stop(tx, contact, answer, now=now)
    return answer


def _confirm(tx: sa.Connection, contact: Contact, *, now: datetime) -> None:
    if contact.state is ContactState.CONFIRMED:
        return
    if not rules.may_confirm(contact, now=now):
        raise BadTicket
    store.confirm_contact(tx, contact.account, now=now)
    _say(tx, contact, given=True, now=now)


def _stop(tx: sa.Connection, contact: Contact, answer: Answer, *, now: datetime) -> None:
    replies = contact.replies and answer is not Answer.STOP_REPLIES
    decisions = contact.decisions and answer is not Answer.STOP_DECISIONS
    sign_in = contact.sign_in and answer is not Answer.STOP_SIGN_IN
    if answer is Answer.NEVER:
        store.refuse(tx, contact.mark, now=now)
    if answer is not Answer.NEVER and (replies or decisions or sign_in):
        store.change_contact(
            tx,
            contact.account,
            lang=contact.lang,
            replies=replies,
            decisions=decisions,
            sign_in=sign_in,
        )
        return
    store.drop_contact(tx, contact.account)
    _say(tx, contact, given=False, now=now)


def _say(tx: sa.Connection, contact: Contact, *, given: bool, now: datetime) -> None:
    version = CONSENT_VERSION[Purpose.MAIL]
    said = Consent(purpose=Purpose.MAIL, version=version, given=given, at=now)
    accounts.add_consent(tx, contact.account, said)
