"""Deciding about rules, requests and holds. Pure."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Final

from gentie.privacy.model import (
    Change,
    Hold,
    HoldUnfit,
    Line,
    RequestAnswered,
    RequestUnfit,
    RightsRequest,
    Rules,
)

ANSWER_WITHIN: Final = timedelta(days=15)
"""From the receipt of a request to its answer."""
LONGEST_HOLD: Final = timedelta(days=1096)


def changes(old: Rules, new: Rules) -> tuple[Change, ...]:
    """What the newer version says otherwise, what is new first, what is gone last."""
    before = {(one.where, one.table): one for one in old.lines}
    after = {(one.where, one.table): one for one in new.lines}
    moved = {one.table for one in old.lines} & {one.table for one in new.lines}
    found = [
        Change(table=one.table, what=one.what, kind="new", material=True, fields=one.fields)
        for key, one in after.items()
        if key not in before and one.table not in moved
    ]
    for table in sorted(moved):
        first = next(one for one in old.lines if one.table == table)
        second = next(one for one in new.lines if one.table == table)
        found += _between(first, second)
    gone = [one for key, one in before.items() if key not in after and one.table not in moved]
    return (
        *found,
        *(Change(table=one.table, what=one.what, kind="gone", material=False) for one in gone),
    )


def is_material(found: Sequence[Change]) -> bool:
    """Whether people are asked again."""
    return any(one.material for one in found)


def _between(old: Line, new: Line) -> Iterator[Change]:
    came = tuple(one for one in new.fields if one not in old.fields)
    went = tuple(one for one in old.fields if one not in new.fields)
    if came:
        yield Change(table=new.table, what=new.what, kind="more-fields", material=True, fields=came)
    if went:
        yield Change(
            table=new.table, what=new.what, kind="fewer-fields", material=False, fields=went
        )
    for kind, first, second in (
        ("purpose", old.purpose, new.purpose),
        ("basis", old.basis, new.basis),
    ):
        if first != second:
            yield Change(
                table=new.table,
                what=new.what,
                kind=kind,
                material=True,
                before=first,
                after=second,
            )
    if old.where != new.where:
        yield Change(table=new.table, what=new.what, kind="where", material=True)
    if old.retention != new.retention or old.days != new.days:
        shorter = 0 < new.days < old.days
        yield Change(
            table=new.table,
            what=new.what,
            kind="shorter" if shorter else "longer",
            material=not shorter,
            before=old.retention,
            after=new.retention,
        )
    if old.what != new.what:
        yield Change(
            table=new.table,
            what=new.what,
            kind="words",
            material=False,
            before=old.what,
            after=new.what,
        )


def require_waiting(asked: RightsRequest) -> None:
    """Raises RequestAnswered."""
    if not asked.waits:
        raise RequestAnswered


def require_words(text: str) -> None:
    """Raises RequestUnfit."""
    if not text.strip():
        raise RequestUnfit


def is_overdue(asked: RightsRequest, *, now: datetime) -> bool:
    return asked.waits and asked.due_at < now


def require_fit(hold: Hold) -> None:
    """Raises HoldUnfit: no reason, no basis, no end, or one further than three years away."""
    within = hold.since < hold.until <= hold.since + LONGEST_HOLD
    barred = hold.bar_until is None or hold.bar_until <= hold.until
    if not hold.why or not hold.basis or not within or not barred:
        raise HoldUnfit


def is_told(hold: Hold, *, now: datetime) -> bool:
    """Whether the person is told of a hold: unless a dated bar forbids it."""
    return hold.bar_until is None or hold.bar_until <= now
