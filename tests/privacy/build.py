"""Entries of the registers as they could be."""

from datetime import timedelta
from typing import Any

import msgspec
import sqlalchemy as sa

from gentie.accounts.model import Role
from gentie.accounts.roles import actor_of_staff
from gentie.actions.oversight.record_leak import LeakFound, record_leak
from gentie.actions.oversight.tell_concerned import tell_concerned
from gentie.kernel.actor import SERVICE, Actor
from gentie.kernel.ids import ActorId
from gentie.privacy.leaks.model import Concerns, Entry, History, Leak, Step
from tests.newsroom import BEN, NOON

COMPLIANCE = actor_of_staff(msgspec.structs.replace(BEN, role=Role.COMPLIANCE))
WORDS = dict.fromkeys(("cause", "harm", "measures", "advice", "contact"), "words")


def a_leak(**changes: Any) -> Leak:
    """Found at noon, of everybody's accounts; a day for the authority and three for people."""
    given: dict[str, Any] = {
        "number": "L-1",
        "found_at": NOON,
        "happened_at": None,
        "data": ("account",),
        "concerns": Concerns.EVERYBODY,
        "authority_before": NOON + timedelta(days=1),
        "people_before": NOON + timedelta(days=3),
        "recorded_at": NOON,
        "by": ActorId("staff:1"),
        "role": "compliance",
    }
    return Leak(**(given | WORDS | changes))


def an_entry(step: Step, *, hours: float = 1, by: str = "staff:1", words: str = "words") -> Entry:
    at = NOON + timedelta(hours=hours)
    return Entry(
        leak="L-1", number=1, step=step, words=words, at=at, by=ActorId(by), role="compliance"
    )


def a_history(*entries: Entry, **changes: object) -> History:
    return History(leak=a_leak(**changes), entries=entries, people=0, told=0)


def found_leak(tx: sa.Connection, *accounts: Actor) -> str:
    """Recorded: of these people, or of everybody. Returns its number."""
    found = LeakFound(
        found_at=NOON,
        happened_at=None,
        data=("account",),
        accounts=[one.account for one in accounts] or None,
        **WORDS,
    )
    return record_leak(tx, found, acting=COMPLIANCE, now=NOON).number


def tell_everybody(tx: sa.Connection, number: str) -> None:
    """As the job does when people are to be told."""
    last: str | None = ""
    while last is not None:
        last = tell_concerned(tx, number, after=last, acting=SERVICE, now=NOON)
