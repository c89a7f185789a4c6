"""Under which text a site runs."""

from datetime import datetime

import sqlalchemy as sa

from gentie.catalogue.regimes import Regime, get_regime
from gentie.checks.model import Finding, Violation
from gentie.checks.registry import live_check
from gentie.sites.model import Site
from gentie.sites.tables import sites

_STORED = sa.select(sites.c.regime, sites.c.test).where(sites.c.id == sa.bindparam("site"))


@live_check(
    "2017-13",
    "2022-15",
    zh="已失效或从未生效的文本，只有测试站点可用",
    en="Only test sites run under a text that is historic or never came into force",
)
def only_test_sites_rehearse(
    tx: sa.Connection, site: Site, regime: Regime, *, now: datetime
) -> Finding:
    stored = tx.execute(_STORED, {"site": site.id}).one()
    if get_regime(stored.regime).test_only and not stored.test:
        return Finding(examined=1, violations=(Violation(site.id, stored.regime),))
    return Finding(examined=1)
