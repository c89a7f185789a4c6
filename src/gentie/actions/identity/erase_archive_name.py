"""Have the comments of one's own past erased, by a link. Needs no account."""

from datetime import datetime

import sqlalchemy as sa

from gentie.actions.identity.settling_names import Settled, settle_name
from gentie.comments.archive.names import store as names
from gentie.comments.archive.names.links import link_id_of, require_valid
from gentie.kernel.actor import Actor


def erase_archive_name(
    tx: sa.Connection, token: str, *, key: bytes, acting: Actor, now: datetime
) -> Settled:
    """Erase what was imported under a name. Answers of others stay where they are.

    Importing the same archive again does not bring it back.

    Raises:
        MayNot, BadClaimLink, NameClaimed: nothing was changed.
    """
    acting.require("archive:erase")
    link = require_valid(names.find_link(tx, link_id_of(token)), token, key, now=now)
    names.use_link(tx, link, now=now)
    return settle_name(tx, link.author, "erase", proof=link.proof, acting=acting, now=now)
