"""Who may decide what waits, and for how long a claim or a refusal can be taken back."""

from datetime import datetime, timedelta

from gentie.catalogue import fulfils
from gentie.kernel.ids import ActorId
from gentie.review.model import (
    WAITING,
    Item,
    ItemChanged,
    ItemDecided,
    ItemState,
    ItemTaken,
    NotYourItem,
    TooLateToUndo,
)

LEASE = timedelta(minutes=5)
UNDO = timedelta(seconds=10)
"""A refusal of something that waits takes effect after this, and leaves no trace before."""


@fulfils("2017-5.5a")
def require_claimable(item: Item, moderator: ActorId, *, now: datetime) -> None:
    """Let one moderator at a time work on an item. An ended lease is nobody's.

    Raises:
        ItemDecided: with the role and measure of the colleague who was first.
        ItemTaken: a colleague holds the lease.
    """
    _require_waiting(item)
    if item.leased(now) and not item.held_by(moderator, now):
        raise ItemTaken


def require_decidable(item: Item, moderator: ActorId, *, version: int, now: datetime) -> None:
    """Let only the holder of the lease decide, and only what they have seen.

    Raises:
        ItemDecided, ItemTaken, NotYourItem, ItemChanged.
    """
    require_claimable(item, moderator, now=now)
    if not item.held_by(moderator, now):
        raise NotYourItem
    if item.version != version:
        raise ItemChanged(version=item.version)


def require_undoable(item: Item, moderator: ActorId, *, now: datetime) -> None:
    """Let who planned a refusal take it back while it has not taken effect.

    Raises:
        TooLateToUndo: it has, or there was none.
        ItemTaken: a colleague planned it.
    """
    planned = item.planned
    if item.state is not ItemState.REFUSING or planned is None or now >= planned.effect_at:
        raise TooLateToUndo
    if planned.by != moderator:
        raise ItemTaken


def due_to_take_effect(item: Item, *, now: datetime) -> bool:
    """Whether a planned refusal has waited long enough."""
    planned = item.planned
    return item.state is ItemState.REFUSING and planned is not None and now >= planned.effect_at


def _require_waiting(item: Item) -> None:
    if item.state not in WAITING:
        raise ItemDecided(role=item.decided_role, measure=item.decided_measure)
