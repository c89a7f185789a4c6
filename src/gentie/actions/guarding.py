"""The gate of guardians: a child under fourteen takes part only while somebody answers for them."""

import sqlalchemy as sa

from gentie.accounts.minors import queries
from gentie.accounts.minors.model import AgeBand
from gentie.accounts.minors.rules import require_guardian
from gentie.accounts.model import PosterFacts


def pass_guardian(tx: sa.Connection, poster: PosterFacts) -> None:
    """Costs one look-up by key for who is verified, and none for who is not.

    Raises:
        GuardianRequired: with the page that explains it to the child.
    """
    if poster.verification is None:
        return
    band = queries.find_band(tx, poster.account)
    consents = queries.guardians_of(tx, poster.account) if band is AgeBand.CHILD else []
    require_guardian(band, consents)
