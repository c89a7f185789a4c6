"""A real mail server that takes letters, or refuses, hangs and breaks off as told."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from gentie.mail.adapters.smtp import Server

Hook = Callable[[], str]
"""What the server says. Called in its own thread."""


def ok() -> str:
    return "250 OK"


class Inbox:
    """What arrived. `at_rcpt` and `at_data` say what the server answers."""

    def __init__(self) -> None:
        self.letters: list[EmailMessage] = []
        self.at_rcpt: Hook = ok
        self.at_data: Hook = ok
        self.server = Server(host="", port=0, security="none", user="", password="")

    async def handle_RCPT(  # noqa: N802 aiosmtpd asks for it the library's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        said = self.at_rcpt()
        if said.startswith("250"):
            envelope.rcpt_tos.append(address)
        return said

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 aiosmtpd asks for it
        """The letter counts as arrived whatever the server says then."""
        assert isinstance(envelope.content, bytes)
        letter = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(letter, EmailMessage)
        self.letters.append(letter)
        return self.at_data()


@contextmanager
def a_mail_server() -> Iterator[Inbox]:
    inbox = Inbox()
    controller = Controller(inbox, hostname="127.0.0.1", port=free_port())
    controller.start()
    inbox.server = Server(
        host="127.0.0.1", port=controller.port, security="none", user="", password=""
    )
    try:
        yield inbox
    finally:
        controller.stop()


@contextmanager
def a_silent_server() -> Iterator[Server]:
    """Takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        yield Server(
            host="127.0.0.1", port=port, security="none", user="", password="", patience=0.05
        )


@contextmanager
def a_server_that_hangs_up(after: bytes) -> Iterator[Server]:
    """Says `after`, then closes the connection."""

    def serve() -> None:
        while True:
            try:
                talking, _ = listening.accept()
            except OSError:
                return
            with talking:
                talking.sendall(after)

    with socket.create_server(("127.0.0.1", 0)) as listening:
        threading.Thread(target=serve, daemon=True).start()
        port = listening.getsockname()[1]
        yield Server(host="127.0.0.1", port=port, security="none", user="", password="")
        listening.shutdown(socket.SHUT_RDWR)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])
