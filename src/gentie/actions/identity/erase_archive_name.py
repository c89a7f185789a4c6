"""Have the comments of one's own past erased, by a link of the operator. Needs no account."""

from datetime import datetime

import sqlalchemy as sa

from gentie.actions.identity.settling_names import settle_name
from gentie.comments.archive.names import store as names
from gentie.comments.archive.names.links import link_id_of, require_valid
from gentie.comments.model import ArchiveAuthor
from gentie.kernel.actor import Actor


def erase_archive_name(
    tx: sa.Connection, token: str, *, key: bytes, acting: Actor, now: datetime
) -> ArchiveAuthor:
    """Erase what was imported under a name. Answers of others stay where they are.

    Importing the same archive again does not bring it back.

    Raises:
        MayNot, BadClaimLink, NameClaimed: nothing was changed.
    """
    acting.require("archive:erase")
    link = require_valid(names.find_link(tx, link_id_of(token)), token, key, now=now)
    names.use_link(tx, link, now=now)
    return settle_name(tx, link.author, "erase", proof="link", acting=acting, now=now)
