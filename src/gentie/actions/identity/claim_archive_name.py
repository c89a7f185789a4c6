"""Take over the comments of one's own past, by a link of the operator or of the old site."""

from datetime import datetime

import sqlalchemy as sa

from gentie.actions.identity.settling_names import Settled, settle_name
from gentie.comments.archive.names import store as names
from gentie.comments.archive.names.links import link_id_of, require_valid
from gentie.kernel.actor import Actor


def claim_archive_name(
    tx: sa.Connection, token: str, *, key: bytes, acting: Actor, now: datetime
) -> Settled:
    """Join what was imported under a name to the account of whoever holds the link.

    What the account may do is another matter: its own gates decide on that, as before.

    Raises:
        MayNot, BadClaimLink, NameClaimed: nothing was changed.
    """
    acting.require("archive:claim")
    link = require_valid(names.find_link(tx, link_id_of(token)), token, key, now=now)
    names.use_link(tx, link, now=now)
    return settle_name(tx, link.author, "claim", proof=link.proof, acting=acting, now=now)
