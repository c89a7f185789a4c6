"""The nouns of the review desk."""

import enum
from datetime import datetime

import msgspec

from gentie.kernel.ids import ActorId, CommentId, CommentRef, SiteId, ThreadId
from gentie.kernel.refusal import Refusal


class ItemState(enum.StrEnum):
    OPEN = "open"
    CLAIMED = "claimed"
    REFUSING = "refusing"
    """Refused, and still inside the time in which that can be undone without trace."""
    DECIDED = "decided"
    WITHDRAWN = "withdrawn"
    """Its author took it back, or a later revision took its place."""


WAITING = frozenset({ItemState.OPEN, ItemState.CLAIMED})


class PlannedRefusal(msgspec.Struct, frozen=True, kw_only=True):
    """A refusal that takes effect when its time to undo is over."""

    class_id: str
    facts: str
    message: str
    by: ActorId
    role: str
    effect_at: datetime


class Item(msgspec.Struct, frozen=True, kw_only=True):
    """One revision that waits for a person."""

    id: str
    site: SiteId
    thread: ThreadId
    comment: CommentId
    revision: int
    state: ItemState
    opened_at: datetime
    due_at: datetime
    claimed_by: ActorId | None
    lease_until: datetime | None
    version: int
    """Counts every change; who decides says which one they looked at."""
    planned: PlannedRefusal | None
    decided_role: str
    """Role of who decided, for the colleague who came second."""
    decided_measure: str

    @property
    def ref(self) -> CommentRef:
        return CommentRef(self.thread, self.comment)

    def held_by(self, moderator: ActorId, now: datetime) -> bool:
        return self.claimed_by == moderator and self.leased(now)

    def leased(self, now: datetime) -> bool:
        return self.lease_until is not None and now < self.lease_until


class NoSuchItem(Refusal):
    code, says = "no-such-item", "There is no such item in the queue."


class ItemTaken(Refusal):
    code, says = "item-taken", "A colleague is working on this item."


class ItemDecided(Refusal):
    code, says = "item-decided", "This item has been decided already."


class ItemChanged(Refusal):
    code, says = "item-changed", "The item has changed since you looked at it."


class NotYourItem(Refusal):
    code, says = "not-your-item", "Claim the item first: your lease on it has ended."


class TooLateToUndo(Refusal):
    code, says = "too-late-to-undo", "The time to undo this is over; it has taken effect."


class AuthorNotVerified(Refusal):
    code, says = "author-not-verified", "The author may not publish at the moment; it waits on."
