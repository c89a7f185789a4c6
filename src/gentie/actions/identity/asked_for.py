"""What the regimes of all sites together ask of a verification: it opens every gate here."""

from collections.abc import Iterator

import sqlalchemy as sa

from gentie.catalogue.regimes import Regime, get_regime
from gentie.sites.queries import all_sites


def accounts_allowed(tx: sa.Connection) -> int | None:
    """How many accounts one person may verify: the least of what the regimes say. None: any."""
    said = [regime.identity.accounts_per_person for regime in _asking(tx)]
    return min(filter(None, said), default=None)


def _asking(tx: sa.Connection) -> Iterator[Regime]:
    """Regimes of sites where an identity is asked for at all."""
    regimes = (get_regime(one) for one in {site.regime for site in all_sites(tx)})
    return (regime for regime in regimes if regime.identity.required)
