"""Whether what names a person is kept, sealed: for the doors that have it in their hands."""

import sqlalchemy as sa

from gentie.catalogue.regimes import get_regime
from gentie.sites.queries import all_sites


def is_vaulted(tx: sa.Connection) -> bool:
    """Whether a regime of some site asks for it: a verification opens the gates of all of them.

    Else the result of the check alone is kept.
    """
    regimes = [get_regime(one) for one in {site.regime for site in all_sites(tx)}]
    return any(one.identity.required and one.identity.vaulted for one in regimes)
