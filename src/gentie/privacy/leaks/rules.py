"""What an entry in the register needs, and when one is owed. Pure."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Final

from gentie.privacy.leaks.model import (
    AGREEING,
    Clocks,
    Entry,
    History,
    Leak,
    LeakSettled,
    LeakUnfit,
    Step,
)

LONGEST: Final = 2000
"""Characters of each text."""
_BY_PEOPLE: Final = frozenset({Step.MEASURE, Step.AUTHORITY, Step.SPARED, Step.CLOSED})


def strictest(clocks: Iterable[Clocks]) -> Clocks:
    """A leak concerns all sites at once, so the shortest clocks hold. At least one is given."""
    given = list(clocks)
    return Clocks(
        authority=min(one.authority for one in given), people=min(one.people for one in given)
    )


def require_fit(leak: Leak, *, tables: Collection[str], listed: int, now: datetime) -> None:
    """`tables` are those of the inventory, `listed` how many accounts were named.

    Raises LeakUnfit: with the field that is wrong.
    """
    for name in ("cause", "harm", "measures", "advice", "contact"):
        _require_words(getattr(leak, name), name)
    if leak.found_at > now or (leak.happened_at or leak.found_at) > leak.found_at:
        raise LeakUnfit(field="found_at")
    if not leak.data or not set(leak.data) <= set(tables):
        raise LeakUnfit(field="data")
    if (leak.concerns == "listed") != bool(listed):
        raise LeakUnfit(field="accounts")


def require_may_enter(history: History, entry: Entry) -> None:
    """Let only on what still makes sense: each thing once, and nothing after the closing.

    Raises:
        LeakUnfit: no words.
        LeakSettled: it was entered already, or by the same person, or people are told anyway.
    """
    _require_words(entry.words, "words")
    done = steps_of(history.entries)
    if Step.CLOSED in done:
        raise LeakSettled
    if entry.step is Step.CLOSED and not is_settled(history.entries):
        raise LeakSettled(field="step")
    if entry.step is Step.SPARED and (
        Step.TELLING in done or entry.by in _who_spare(history.entries)
    ):
        raise LeakSettled(field="step")
    if entry.step is Step.TELLING and (done & {Step.TELLING, Step.TOLD}):
        raise LeakSettled(field="step")


def is_by_people(step: Step) -> bool:
    """Whether a person enters this by hand; the others come about by acts."""
    return step in _BY_PEOPLE


def steps_of(entries: Iterable[Entry]) -> set[Step]:
    return {one.step for one in entries}


def people_settled_at(entries: Sequence[Entry]) -> datetime | None:
    """When all had been told, or enough people agreed that nobody has to be. None: not yet."""
    told = [one.at for one in entries if one.step is Step.TOLD]
    agreed: dict[str, datetime] = {}
    for one in entries:
        if one.step is Step.SPARED:
            agreed.setdefault(one.by, one.at)
    spared = sorted(agreed.values())[AGREEING - 1 : AGREEING]
    return min([*told, *spared], default=None)


def authority_told_at(entries: Iterable[Entry]) -> datetime | None:
    return min((one.at for one in entries if one.step is Step.AUTHORITY), default=None)


def is_settled(entries: Sequence[Entry]) -> bool:
    """Whether authority and people know."""
    return authority_told_at(entries) is not None and people_settled_at(entries) is not None


def late_of(history: History, *, now: datetime) -> Iterator[str]:
    """Which clocks were missed: *authority*, *people*."""
    leak, entries = history.leak, history.entries
    if (authority_told_at(entries) or now) > leak.authority_before:
        yield "authority"
    if (people_settled_at(entries) or now) > leak.people_before:
        yield "people"


def _who_spare(entries: Iterable[Entry]) -> set[str]:
    return {one.by for one in entries if one.step is Step.SPARED}


def _require_words(text: str, field: str) -> None:
    if not 0 < len(text.strip()) <= LONGEST:
        raise LeakUnfit(field=field)
