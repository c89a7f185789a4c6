"""Make a link by which somebody can claim an imported name."""

from datetime import datetime

import msgspec
import sqlalchemy as sa

from gentie.comments.archive.names import store as names
from gentie.comments.archive.names.links import TERM, token_of
from gentie.comments.model import ClaimLink, NameClaimed
from gentie.kernel.actor import Actor
from gentie.kernel.chance import new_secret
from gentie.kernel.ids import AccountId, SiteId


class MadeLink(msgspec.Struct, frozen=True, kw_only=True):
    token: str
    """For the address of the link. It is not kept: who loses it gets another."""
    name: str
    site: SiteId
    expires_at: datetime


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
    if not found.is_open:
        raise NameClaimed
    link = ClaimLink(
        id=new_secret(),
        author=author,
        made_by=acting.id,
        made_at=now,
        expires_at=now + TERM,
        used_at=None,
    )
    names.add_link(tx, link)
    return MadeLink(
        token=token_of(link, key), name=found.name, site=found.site, expires_at=link.expires_at
    )
