"""Over a real connection: what the server says decides what becomes of a letter."""

from email.message import EmailMessage
from typing import Literal

import pytest

from gentie.mail.adapters.smtp import Server, deliver
from gentie.mail.model import Outcome
from tests.mail.server import a_mail_server, a_server_that_hangs_up, a_silent_server, free_port


def a_letter() -> EmailMessage:
    letter = EmailMessage()
    letter["From"], letter["To"], letter["Subject"] = "g@x.example", "r@y.example", "跟帖"
    letter.set_content("Hello")
    return letter


def test_a_letter_arrives() -> None:
    with a_mail_server() as inbox:
        sent = deliver(inbox.server, a_letter())

    assert sent.outcome is Outcome.SENT
    (letter,) = inbox.letters
    assert letter["Subject"] == "跟帖"


@pytest.mark.parametrize(
    ("rcpt", "data", "outcome", "why"),
    [
        ("550 no such user", "250 OK", Outcome.NO_SUCH_ADDRESS, "550"),
        ("450 try later", "250 OK", Outcome.LATER, "450"),
        ("250 OK", "554 no", Outcome.REFUSED, "554"),
        ("250 OK", "451 busy", Outcome.LATER, "451"),
        ("250 OK", "421 closing", Outcome.LATER, "421"),
    ],
)
def test_a_no_is_for_good_or_for_now(rcpt: str, data: str, outcome: Outcome, why: str) -> None:
    with a_mail_server() as inbox:
        inbox.at_rcpt, inbox.at_data = (lambda: rcpt), (lambda: data)
        sent = deliver(inbox.server, a_letter())

    assert (sent.outcome, sent.why) == (outcome, why)


def test_nobody_there_is_for_now() -> None:
    server = Server(host="127.0.0.1", port=free_port(), security="none", user="", password="")

    sent = deliver(server, a_letter())

    assert (sent.outcome, sent.why) == (Outcome.LATER, "ConnectionRefusedError")


def test_silence_ends() -> None:
    with a_silent_server() as server:
        assert deliver(server, a_letter()).outcome is Outcome.LATER


@pytest.mark.parametrize("said", [b"", b"220 hello\r\n", b"554 not you\r\n", b"\xff\x00" * 50])
def test_a_conversation_that_breaks_off_is_for_now(said: bytes) -> None:
    with a_server_that_hangs_up(said) as server:
        assert deliver(server, a_letter()).outcome is Outcome.LATER


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_what_was_to_be_secret_is_not_sent_in_clear(security: Literal["starttls", "tls"]) -> None:
    with a_mail_server() as inbox:
        given = inbox.server
        server = Server(
            host=given.host,
            port=given.port,
            security=security,
            user="u",
            password="p",
            patience=2,
        )
        sent = deliver(server, a_letter())

    assert sent.outcome is Outcome.LATER
    assert inbox.letters == []
