"""When a letter leaves, how often it is tried, and what an address looks like. Pure."""

import hmac
import re
from datetime import datetime, timedelta
from typing import Final

from gentie.mail.model import (
    BadAddress,
    Contact,
    ContactState,
    LetterKind,
    LinkWrong,
    SignInLink,
)

GATHER: Final = timedelta(minutes=1)
"""How long a letter waits for more of the same, and for second thoughts of who wrote."""
SPACING: Final = timedelta(minutes=15)
"""Between two letters about one thread, and between two about decisions."""
CONFIRM_WITHIN: Final = timedelta(days=2)
LINK_TERM: Final = timedelta(minutes=10)
GIVE_UP_AFTER: Final = timedelta(days=1)
LONGEST_WAIT: Final = timedelta(hours=2)

_ADDRESS = re.compile(
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}"
    r"@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,63}"
)
_LONGEST = 254


def require_address(given: str) -> str:
    """The address without spaces around it. Nothing that a header could take for its end.

    Raises:
        BadAddress.
    """
    address = given.strip()
    if len(address) > _LONGEST or not _ADDRESS.fullmatch(address):
        raise BadAddress
    return address


def hint_of(address: str) -> str:
    """`r…@e….org` for river@example.org."""
    local, _, domain = address.rpartition("@")
    name, _, top = domain.rpartition(".")
    return f"{local[0]}…@{name[0]}….{top}"


def wants(contact: Contact, kind: LetterKind, *, now: datetime) -> bool:
    """Whether a letter of this kind may go to this contact now."""
    if kind is LetterKind.CONFIRM:
        return may_confirm(contact, now=now)
    wish = {
        LetterKind.REPLIES: contact.replies,
        LetterKind.DECISIONS: contact.decisions,
        LetterKind.LEAKS: contact.decisions,
        LetterKind.SIGN_IN: contact.sign_in,
    }[kind]
    return wish and contact.state is ContactState.CONFIRMED


def may_confirm(contact: Contact, *, now: datetime) -> bool:
    return contact.state is ContactState.ASKED and now < contact.asked_at + CONFIRM_WITHIN


def require_right(link: SignInLink | None, *, browser: str, now: datetime) -> SignInLink:
    """Let only the browser in that asked, once and in time. `browser` is a digest.

    Raises:
        LinkWrong: which of it was wrong, is not said.
    """
    if link is None or link.used_at is not None or link.expires_at <= now:
        raise LinkWrong
    if not hmac.compare_digest(link.browser, browser):
        raise LinkWrong
    return link


def first_due(last_sent: datetime | None, *, now: datetime) -> datetime:
    """When a new letter leaves, given when the last of its sort did."""
    gathered = now + GATHER
    return gathered if last_sent is None else max(gathered, last_sent + SPACING)


def next_due(attempts: int, *, created_at: datetime, now: datetime) -> datetime | None:
    """When to try again after a failure: a minute, doubling. None: it has been a day."""
    again = now + min(timedelta(minutes=2 ** min(attempts - 1, 10)), LONGEST_WAIT)
    return again if again <= created_at + GIVE_UP_AFTER else None
