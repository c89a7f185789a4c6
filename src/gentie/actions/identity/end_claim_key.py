"""Let an old site's word count no more."""

from datetime import datetime

import sqlalchemy as sa

from gentie.comments.archive.names import queries
from gentie.comments.archive.names import store as names
from gentie.comments.model import NoSuchClaimKey
from gentie.kernel.actor import Actor


def end_claim_key(tx: sa.Connection, key: str, *, acting: Actor, now: datetime) -> None:
    """End a key for good. What was claimed by it stays claimed; links made by it end with it.

    Raises:
        MayNot, NoSuchClaimKey: nothing was changed.
    """
    found = queries.find_key(tx, key)
    if found is None:
        raise NoSuchClaimKey
    acting.require("archive:claim-key", site=found.site)
    names.end_key(tx, key, now=now)
    names.end_links(tx, f"key:{key}", now=now)
