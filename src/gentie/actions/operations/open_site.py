"""Open a site."""

from datetime import datetime

import msgspec
import sqlalchemy as sa

from gentie.actions.operations.adopting import adopt, regime_named
from gentie.assessments import store as assessments
from gentie.assessments.model import BASIC, Feature
from gentie.catalogue import fulfils
from gentie.kernel.actor import Actor
from gentie.kernel.chance import digest_of, new_secret
from gentie.kernel.ids import SiteId
from gentie.sites import rules, store
from gentie.sites.model import Site


class NewSite(msgspec.Struct, frozen=True, kw_only=True):
    id: SiteId
    name: str
    regime: str
    test: bool
    lang: str
    origins: tuple[str, ...]
    assessment: str
    """Id of the security assessment under which its functions go online."""


@fulfils("2017-2.1")
def open_site(tx: sa.Connection, wanted: NewSite, *, acting: Actor, now: datetime) -> str:
    """Open a site with the basic functions registered. Returns its token, shown only now.

    Raises:
        MayNot, BadSiteId, BadOrigin, NoSuchRegime, RegimeNotAllowed, SiteExists: nothing was
            changed.
    """
    acting.require("site:manage")
    rules.require_site_id(wanted.id)
    for origin in wanted.origins:
        rules.require_origin(origin)
    regime = regime_named(wanted.regime)
    rules.require_allowed(regime, test=wanted.test, now=now)
    token = new_secret()
    site = Site(
        id=wanted.id,
        name=wanted.name,
        regime=regime.id,
        test=wanted.test,
        lang=wanted.lang,
        origins=wanted.origins,
        token=digest_of(token),
    )
    store.add_site(tx, site, now=now)
    for name in BASIC:
        feature = Feature(site=site.id, name=name, assessment=wanted.assessment, online_at=now)
        assessments.register(tx, feature, by=acting.id)
    adopt(tx, site.id, regime, acting=acting, now=now)
    return token
