"""Make a link by which somebody can claim an imported name."""

from datetime import datetime

import sqlalchemy as sa

from gentie.actions.identity.linking_names import MadeLink, add_link
from gentie.comments.archive.names import store as names
from gentie.comments.archive.names.links import TERM
from gentie.kernel.actor import Actor
from gentie.kernel.ids import AccountId


def make_claim_link(
    tx: sa.Connection, author: AccountId, *, key: bytes, acting: Actor, now: datetime
) -> MadeLink:
    """Whoever holds the link may take over or erase all comments of `author`, once.

    The operator knows to whom to send it; the service does not keep how to reach anybody.

    Raises:
        MayNot, NoSuchArchiveAuthor: there is nobody of that id.
        NameClaimed: somebody has claimed it or had it erased.
    """
    found = names.get_author(tx, author)
    acting.require("archive:claim-link", site=found.site)
    return add_link(tx, author, by=acting.id, proof="link", term=TERM, key=key, now=now)
