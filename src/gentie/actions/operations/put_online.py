"""Put a function online on a site, under the security assessment that covers it."""

from datetime import datetime

import sqlalchemy as sa

from gentie.actions.place import site_changed
from gentie.assessments import store
from gentie.assessments.model import BASIC, FURTHER, Feature, NoSuchFeature
from gentie.catalogue import fulfils
from gentie.kernel.actor import Actor
from gentie.kernel.ids import SiteId
from gentie.sites.queries import get_site


@fulfils("2017-2.1")
def put_online(
    tx: sa.Connection, site: SiteId, name: str, *, assessment: str, acting: Actor, now: datetime
) -> None:
    """Register a function. Again: under a newer assessment.

    Raises:
        MayNot, NoSuchSite, NoSuchFeature: nothing was changed.
    """
    acting.require("site:manage")
    get_site(tx, site)
    if name not in (*BASIC, *FURTHER) or not assessment.strip():
        raise NoSuchFeature(known=[*BASIC, *FURTHER])
    feature = Feature(site=site, name=name, assessment=assessment, online_at=now)
    store.register(tx, feature, by=acting.id)
    site_changed(tx, site, due=now)
