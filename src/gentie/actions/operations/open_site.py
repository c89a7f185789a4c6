"""Open a site, or put one under another regime."""

from datetime import datetime

import msgspec
import sqlalchemy as sa

from gentie import ledger
from gentie.actions.place import site_changed
from gentie.assessments import store as assessments
from gentie.assessments.model import BASIC, Feature
from gentie.catalogue import fulfils
from gentie.catalogue.regimes import Regime, get_regime
from gentie.kernel.actor import Actor
from gentie.kernel.chance import digest_of, new_secret
from gentie.kernel.clock import hour_of
from gentie.kernel.ids import SiteId
from gentie.sites import queries, rules, store
from gentie.sites.model import NoSuchRegime, Site


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
        MayNot, BadSiteId, NoSuchRegime, RegimeNotAllowed, SiteExists: nothing was changed.
    """
    acting.require("site:manage")
    rules.require_site_id(wanted.id)
    regime = _regime(wanted.regime)
    rules.require_allowed(regime, test=wanted.test)
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
    _stamp(tx, site.id, regime, acting=acting, now=now)
    return token


@fulfils("2017-2.1")
def change_regime(
    tx: sa.Connection, site: SiteId, regime_id: str, *, acting: Actor, now: datetime
) -> None:
    """Put a site under another regime from now on. What stands keeps the stamp of its time.

    Raises:
        MayNot, NoSuchSite, NoSuchRegime, RegimeNotAllowed: nothing was changed.
    """
    acting.require("site:manage", site=site)
    found, regime = queries.get_site(tx, site), _regime(regime_id)
    rules.require_allowed(regime, test=found.test)
    _stamp(tx, site, regime, acting=acting, now=now)
    site_changed(tx, site, due=now)


def _regime(regime_id: str) -> Regime:
    try:
        return get_regime(regime_id)
    except KeyError as error:
        raise NoSuchRegime(regime=regime_id) from error


def _stamp(
    tx: sa.Connection, site: SiteId, regime: Regime, *, acting: Actor, now: datetime
) -> None:
    store.set_regime(tx, site, regime.id, regime.policy, by=acting.id, now=now)
    leaf = ledger.Leaf(
        kind="policy", hour=hour_of(now), site=site, measure="adopt", policy=regime.policy
    )
    ledger.append(tx, leaf, now=now)
