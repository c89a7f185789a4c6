from datetime import datetime

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from gentie.kernel.ids import AccountId
from gentie.mail.model import Answer, BadTicket, Contact, ContactState
from gentie.mail.opening import CannotOpenAddress, Opener
from gentie.mail.sealing import Tickets
from tests.mail.build import ADDRESSES, OPENER, PRIVATE, TICKETS
from tests.newsroom import NOON

RIVER = AccountId("r" * 32)


def a_contact(address: str = "river@example.org", *, at: datetime = NOON) -> Contact:
    return Contact(
        account=RIVER,
        sealed=ADDRESSES.seal(address, RIVER),
        hint="",
        mark=ADDRESSES.mark(address),
        lang="en",
        replies=True,
        decisions=True,
        sign_in=False,
        state=ContactState.ASKED,
        asked_at=at,
        confirmed_at=None,
    )


@pytest.mark.clause("2017-5.2b")
def test_an_address_opens_for_its_account_and_key_alone() -> None:
    contact = a_contact()

    assert OPENER.open(contact) == "river@example.org"
    assert b"river" not in contact.sealed
    moved = msgspec.structs.replace(contact, account=AccountId("x" * 32))
    damaged = msgspec.structs.replace(contact, sealed=contact.sealed[:-1] + b"x")
    stranger = Opener(X25519PrivateKey.generate(), tenant="gentie")
    elsewhere = Opener(PRIVATE, tenant="another")
    for opener, one in (
        (OPENER, moved),
        (OPENER, damaged),
        (OPENER, msgspec.structs.replace(contact, sealed=b"")),
        (stranger, contact),
        (elsewhere, contact),
    ):
        with pytest.raises(CannotOpenAddress):
            opener.open(one)


def test_the_same_address_has_one_mark() -> None:
    assert ADDRESSES.mark("River@Example.org") == ADDRESSES.mark("river@example.org")
    assert ADDRESSES.mark("river@example.org") != ADDRESSES.mark("reed@example.org")


def test_a_ticket_is_good_for_one_answer_and_one_address() -> None:
    contact = a_contact()
    ticket = TICKETS.write(Answer.STOP_REPLIES, contact)

    assert TICKETS.read(ticket) == (Answer.STOP_REPLIES, RIVER)
    TICKETS.require_good(ticket, contact)
    forged = Tickets(b"x" * 32).write(Answer.STOP_REPLIES, contact)
    for other, one in (
        (forged, contact),
        (ticket, a_contact("reed@example.org")),
        (ticket.replace("stop-replies", "confirm"), contact),
        (ticket + "é", contact),
        (ticket, None),
        ("", contact),
        ("never", contact),
    ):
        with pytest.raises(BadTicket):
            TICKETS.require_good(other, one)
