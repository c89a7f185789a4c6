"""People who get mail, and the keys that this takes."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from gentie.actions.identity.answer_mail import answer_mail
from gentie.actions.identity.ask_for_mail import SealedAddress, Wishes, ask_for_mail
from gentie.kernel.actor import ANYONE, Actor
from gentie.mail.model import Answer, Contact
from gentie.mail.opening import Opener
from gentie.mail.rules import hint_of
from gentie.mail.sealing import Addresses, Tickets
from gentie.pages.letters import Desk
from gentie.web.mailing import Mailing
from tests.newsroom import NOON

TENANT = "gentie"
PRIVATE = X25519PrivateKey.generate()
ADDRESSES = Addresses(PRIVATE.public_key(), mark_key=b"m" * 32, tenant=TENANT)
TICKETS = Tickets(b"t" * 32)
OPENER = Opener(PRIVATE, tenant=TENANT)
DESK = Desk(base="https://comments.example", tickets=TICKETS)
MAILING = Mailing(addresses=ADDRESSES, tickets=TICKETS)


def an_address(address: str, acting: Actor) -> SealedAddress:
    return SealedAddress(
        sealed=ADDRESSES.seal(address, acting.account),
        hint=hint_of(address),
        mark=ADDRESSES.mark(address),
    )


def ask(
    tx: sa.Connection,
    acting: Actor,
    *,
    address: str = "river@example.org",
    lang: str = "en",
    now: datetime = NOON,
) -> Contact:
    wishes = Wishes(lang=lang, replies=True, decisions=True)
    return ask_for_mail(tx, an_address(address, acting), wishes, acting=acting, now=now)


def a_reader(tx: sa.Connection, acting: Actor, **more: Any) -> Contact:
    """Somebody whose address is confirmed."""
    contact = ask(tx, acting=acting, **more)
    answer(tx, contact, Answer.CONFIRM)
    return contact


def answer(tx: sa.Connection, contact: Contact, said: Answer, *, now: datetime = NOON) -> None:
    ticket = TICKETS.write(said, contact)
    answer_mail(tx, ticket, tickets=TICKETS, acting=ANYONE, now=now)
