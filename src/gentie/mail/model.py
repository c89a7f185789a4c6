"""The nouns of mail: a contact, a letter, and what became of it."""

import enum
from datetime import datetime

import msgspec

from gentie.kernel.ids import AccountId, ThreadId
from gentie.kernel.refusal import Refusal


class ContactState(enum.StrEnum):
    ASKED = "asked"
    """A letter has asked the address whether it wants mail; nothing else is sent."""
    CONFIRMED = "confirmed"
    FAILING = "failing"
    """Its mail server has said that there is no such address. Nothing is sent."""


class Contact(msgspec.Struct, frozen=True, kw_only=True):
    """Where a person gets mail, and what about."""

    account: AccountId
    sealed: bytes
    """The address. Only the job that sends can open it."""
    hint: str
    """As much of the address as its owner needs to know it again."""
    mark: str
    """A keyed digest: the same for the same address, and useless without the key."""
    lang: str
    replies: bool
    decisions: bool
    sign_in: bool
    """Whether whoever reads mail there may sign in."""
    state: ContactState
    asked_at: datetime
    confirmed_at: datetime | None


class LetterKind(enum.StrEnum):
    CONFIRM = "confirm"
    REPLIES = "replies"
    DECISIONS = "decisions"
    LEAKS = "leaks"
    """Data of theirs got out. For those who want to hear of decisions."""
    SIGN_IN = "sign-in"


class LetterState(enum.StrEnum):
    WAITING = "waiting"
    SENT = "sent"
    """A mail server has taken it."""
    FAILED = "failed"
    """Laid aside: refused for good, or tried for a whole day."""
    DROPPED = "dropped"
    """Nothing was left to tell when its time came: removed, unsubscribed."""


class Letter(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    account: AccountId
    kind: LetterKind
    thread: ThreadId | None
    """For replies: the one they are in."""
    state: LetterState
    due_at: datetime
    attempts: int
    error: str
    """The kind of the last failure. Empty: none."""
    created_at: datetime
    sent_at: datetime | None
    lease: str | None


class SignInLink(msgspec.Struct, frozen=True, kw_only=True):
    """A way in that was sent to an address."""

    account: AccountId
    letter: str
    browser: str
    """Digest of what the browser holds that asked for it."""
    back_to: str
    """Path on this service where the person goes on afterwards."""
    expires_at: datetime
    used_at: datetime | None


class Answer(enum.StrEnum):
    """What a link in a letter does."""

    CONFIRM = "confirm"
    STOP_REPLIES = "stop-replies"
    STOP_DECISIONS = "stop-decisions"
    STOP_SIGN_IN = "stop-sign-in"
    NEVER = "never"
    """Not even ask this address again."""


class Outcome(enum.StrEnum):
    SENT = "sent"
    NOTHING = "nothing"
    """There was nothing left to tell."""
    LATER = "later"
    REFUSED = "refused"
    """This letter is not wanted there."""
    NO_SUCH_ADDRESS = "no-such-address"


class Sent(msgspec.Struct, frozen=True, kw_only=True):
    """How an attempt ended."""

    outcome: Outcome
    why: str = ""


class MailNotOffered(Refusal):
    code, says = "mail-not-offered", "No mail is sent from here."


class BadAddress(Refusal):
    code, says = "bad-address", "This is no e-mail address that mail can be sent to."


class AddressRefuses(Refusal):
    code, says = "address-refuses", "This address has asked never to be written to."


class NoContact(Refusal):
    code, says = "no-contact", "You have not given an address for mail."


class BadTicket(Refusal):
    code, says = "bad-ticket", "This link is not valid, or not valid any more."


class LinkWrong(Refusal):
    code, says = (
        "link-wrong",
        "This link is used, too old, or was asked for in another browser. Ask for a new one there.",
    )
