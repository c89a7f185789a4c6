"""Reading the feature register."""

from datetime import datetime

import sqlalchemy as sa

from gentie.assessments.model import FeatureOffline
from gentie.assessments.tables import features
from gentie.kernel.ids import SiteId
from gentie.storage.prepared import Prepared

_ONLINE = Prepared(
    sa.select(features.c.assessment_id).where(
        features.c.site_id == sa.bindparam("site"),
        features.c.name == sa.bindparam("name"),
        features.c.online_at <= sa.bindparam("now"),
    )
)


def require_online(tx: sa.Connection, site: SiteId, name: str, *, now: datetime) -> None:
    """Let nobody use what is not in the register.

    Raises:
        FeatureOffline: not registered on this site, or not online yet.
    """
    if not is_online(tx, site, name, now=now):
        raise FeatureOffline(feature=name)


def is_online(tx: sa.Connection, site: SiteId, name: str, *, now: datetime) -> bool:
    return _ONLINE.scalar(tx, {"site": site, "name": name, "now": now}) is not None
