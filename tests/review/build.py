"""Builders for the review desk."""

from datetime import UTC, datetime, timedelta

import msgspec

from gentie.kernel.chance import new_id
from gentie.kernel.ids import ActorId, CommentId, SiteId, ThreadId
from gentie.review.model import Item, ItemState, PlannedRefusal

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
ANN, BEN = ActorId("staff:1"), ActorId("staff:2")


def an_item(**changes: object) -> Item:
    item = Item(
        id=new_id(),
        site=SiteId("daily"),
        thread=ThreadId(new_id()),
        comment=CommentId(new_id()),
        revision=1,
        state=ItemState.OPEN,
        opened_at=NOON,
        due_at=NOON + timedelta(minutes=5),
        claimed_by=None,
        lease_until=None,
        version=1,
        planned=None,
        decided_role="",
        decided_measure="",
    )
    return msgspec.structs.replace(item, **changes)


def claimed_by(moderator: ActorId, **changes: object) -> Item:
    claimed: dict[str, object] = {
        "state": ItemState.CLAIMED,
        "claimed_by": moderator,
        "lease_until": NOON + timedelta(minutes=5),
        "version": 2,
    }
    return an_item(**{**claimed, **changes})


def refusing_by(moderator: ActorId) -> Item:
    planned = PlannedRefusal(
        class_id="spam",
        facts="A shop's address",
        message="Advertising has no place here.",
        by=moderator,
        role="moderator",
        effect_at=NOON + timedelta(seconds=10),
    )
    return claimed_by(
        moderator, state=ItemState.REFUSING, planned=planned, decided_role="moderator"
    )
