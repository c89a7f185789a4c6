"""How a link to claim a name comes about: the part that its acts share."""

from datetime import datetime, timedelta

import msgspec
import sqlalchemy as sa

from gentie.comments.archive.names import store as names
from gentie.comments.archive.names.links import token_of
from gentie.comments.model import ClaimLink, NameClaimed
from gentie.kernel.chance import new_secret
from gentie.kernel.ids import AccountId, ActorId, SiteId


class MadeLink(msgspec.Struct, frozen=True, kw_only=True):
    token: str
    """For the address of the link. It is not kept: who loses it gets another."""
    name: str
    site: SiteId
    expires_at: datetime


def add_link(
    tx: sa.Connection,
    author: AccountId,
    *,
    by: ActorId,
    proof: str,
    term: timedelta,
    key: bytes,
    now: datetime,
) -> MadeLink:
    """The part that is the same whoever vouches. Raises NoSuchArchiveAuthor, NameClaimed."""
    found = names.get_author(tx, author)
    if not found.is_open:
        raise NameClaimed
    link = ClaimLink(
        id=new_secret(),
        author=author,
        made_by=by,
        made_at=now,
        expires_at=now + term,
        used_at=None,
        proof=proof,
    )
    names.add_link(tx, link)
    return MadeLink(
        token=token_of(link, key), name=found.name, site=found.site, expires_at=link.expires_at
    )
