"""The nouns of the register of leaks."""

import enum
from datetime import datetime, timedelta
from typing import Final

import msgspec

from gentie.kernel.ids import ActorId
from gentie.kernel.refusal import Refusal

LEAK_TOPIC: Final = "leak.tell"
"""People are told a batch at a time, each batch in a transaction of its own."""
AGREEING: Final = 2
"""People who have to agree that nobody has to be told: who recorded one's own opinion is one."""


class Concerns(enum.StrEnum):
    """Whom a leak concerns."""

    LISTED = "listed"
    """Accounts that were named when it was recorded."""
    EVERYBODY = "everybody"
    """Every account that there was when it was found."""


class Step(enum.StrEnum):
    """What an entry says was done. What was found itself is in `Leak`."""

    MEASURE = "measure"
    AUTHORITY = "authority"
    """The authority was told: which one, how, under which number."""
    TELLING = "telling"
    """People are being told, from this moment."""
    TOLD = "told"
    """All whom it concerns have been."""
    SPARED = "spared"
    """One person's opinion: the measures keep harm from people, so nobody has to be told."""
    CLOSED = "closed"
    """What was learned."""


class Clocks(msgspec.Struct, frozen=True, kw_only=True):
    """How soon, from the moment it was found. The law says *at once*: these are the latest."""

    authority: timedelta
    people: timedelta


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """What is said of a leak by who records it."""

    found_at: datetime
    happened_at: datetime | None
    """None: not known."""
    data: tuple[str, ...]
    """Tables of the inventory."""
    cause: str
    harm: str
    """What may come of it for those whom it concerns."""
    measures: str
    advice: str
    """What people can do themselves."""
    contact: str
    """Whom to ask."""


class Leak(Found, frozen=True, kw_only=True):
    """What was found, as it was recorded. Corrections are entries, this never changes."""

    number: str
    """What is read out: for example L-7K2M-Q4XD."""
    concerns: Concerns
    authority_before: datetime
    people_before: datetime
    recorded_at: datetime
    by: ActorId
    role: str


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """A line about a leak."""

    leak: str
    number: int
    """1, 2, 3 ... of this leak."""
    step: Step
    words: str
    at: datetime
    by: ActorId
    role: str


class History(msgspec.Struct, frozen=True, kw_only=True):
    """A leak with all that was entered about it, oldest first."""

    leak: Leak
    entries: tuple[Entry, ...]
    people: int
    """Accounts that are known to be concerned so far."""
    told: int
    """How many of them have been told."""


class ToldOf(msgspec.Struct, frozen=True, kw_only=True):
    """A leak as the person whom it concerns reads it."""

    leak: Leak
    words: str
    """What was said to people, beside what was recorded."""
    told_at: datetime


class NoSuchLeak(Refusal):
    code, says = "no-such-leak", "There is no such entry in the register of leaks."


class LeakUnfit(Refusal):
    code, says = (
        "leak-unfit",
        "An entry about a leak needs a time, kinds of data, people and words, each where asked.",
    )


class LeakSettled(Refusal):
    code, says = "leak-settled", "This has been entered already, or cannot be entered any more."
