"""Claim what waits, or keep the claim."""

from datetime import datetime

import msgspec
import sqlalchemy as sa

from gentie.catalogue import fulfils
from gentie.kernel.actor import Actor
from gentie.review import rules, store


class Claimed(msgspec.Struct, frozen=True, kw_only=True):
    version: int
    """To be named when deciding."""
    lease_until: datetime


@fulfils("2017-5.5a")
def claim_item(tx: sa.Connection, item_id: str, *, acting: Actor, now: datetime) -> Claimed:
    """Lease an item for five minutes. Again: for five more.

    Raises:
        MayNot, NoSuchItem, ItemTaken, ItemDecided: nothing was changed.
    """
    item = store.get(tx, item_id)
    acting.require("review:claim", site=item.site)
    rules.require_claimable(item, acting.id, now=now)
    until = now + rules.LEASE
    return Claimed(version=store.claim(tx, item, acting.id, until=until), lease_until=until)
