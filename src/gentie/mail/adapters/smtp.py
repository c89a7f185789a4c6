"""A mail server that takes letters over SMTP. Every step has a time limit."""

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from email.message import EmailMessage
from typing import Final, Literal

import msgspec

from gentie.mail.model import Outcome, Sent

PATIENCE: Final = 15.0
"""Seconds for each step of the conversation."""
_GONE: Final = 500
Security = Literal["starttls", "tls", "none"]


class Server(msgspec.Struct, frozen=True, kw_only=True):
    """Where letters are handed over, and as whom."""

    host: str
    port: int
    security: Security
    user: str
    """Empty: without signing in."""
    password: str
    patience: float = PATIENCE


def deliver(server: Server, message: EmailMessage) -> Sent:
    """Hand one letter over. Blocks for seconds: from a thread.

    A failure that a person at the server can mend, or that goes away, is LATER. Only what the
    server says about this very letter or address is final.
    """
    try:
        with connected(server) as session:
            session.send_message(message)
    except smtplib.SMTPRecipientsRefused as refused:
        ((code, _),) = refused.recipients.values()
        return _said(code, Outcome.NO_SUCH_ADDRESS)
    except smtplib.SMTPDataError as refused:
        return _said(refused.smtp_code, Outcome.REFUSED)
    except smtplib.SMTPResponseException as refused:
        return Sent(outcome=Outcome.LATER, why=f"{type(refused).__name__} {refused.smtp_code}")
    except (smtplib.SMTPException, OSError, ValueError) as error:
        return Sent(outcome=Outcome.LATER, why=type(error).__name__)
    return Sent(outcome=Outcome.SENT)


@contextmanager
def connected(server: Server) -> Iterator[smtplib.SMTP]:
    """A conversation, signed in. Raises smtplib.SMTPException, OSError."""
    session = _greet(server)
    try:
        if server.user:
            session.login(server.user, server.password)
        yield session
        with suppress(smtplib.SMTPException, OSError):
            session.quit()  # it has taken the letter: that it cannot say goodbye is no failure
    finally:
        session.close()


def _greet(server: Server) -> smtplib.SMTP:
    if server.security == "tls":
        context = ssl.create_default_context()
        return smtplib.SMTP_SSL(server.host, server.port, timeout=server.patience, context=context)
    session = smtplib.SMTP(server.host, server.port, timeout=server.patience)
    if server.security == "starttls":
        try:
            session.starttls(context=ssl.create_default_context())
        except BaseException:
            session.close()
            raise
    return session


def _said(code: int, final: Outcome) -> Sent:
    """What the server says goes: 4xx asks to come again, 5xx is for good."""
    return Sent(outcome=final if code >= _GONE else Outcome.LATER, why=str(code))
