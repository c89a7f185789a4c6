"""Let an old site's word count on who had which account there."""

from datetime import datetime

import sqlalchemy as sa

from gentie.comments.archive.names import store as names
from gentie.comments.archive.names.statements import read_public_key
from gentie.comments.model import ClaimKey
from gentie.kernel.actor import Actor
from gentie.kernel.ids import SiteId
from gentie.sites import queries as sites


def add_claim_key(
    tx: sa.Connection,
    site: SiteId,
    source: str,
    text: str,
    *,
    where: str,
    acting: Actor,
    now: datetime,
) -> ClaimKey:
    """Keep the public key with which the site of an archive signs. `text` is PEM or JWK.

    Raises:
        MayNot, NoSuchSite: nothing was changed.
        BadClaimKey: it is none, a private one, of a kind we do not take, or known already.
    """
    acting.require("archive:claim-key", site=site)
    sites.get_site(tx, site)
    found, jwk = read_public_key(text)
    key = ClaimKey(
        id=found,
        site=site,
        source=source,
        jwk=jwk,
        where=where,
        added_by=acting.id,
        added_at=now,
        ended_at=None,
    )
    names.add_key(tx, key)
    return key
