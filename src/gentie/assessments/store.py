"""The SQL of the feature register that writes."""

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from gentie.assessments.model import Feature
from gentie.assessments.tables import features
from gentie.kernel.ids import ActorId


def _replacing(insert: sqlite.Insert | postgresql.Insert) -> sa.Executable:
    return insert.on_conflict_do_update(
        index_elements=[features.c.site_id, features.c.name],
        set_={
            "assessment_id": insert.excluded.assessment_id,
            "online_at": insert.excluded.online_at,
            "by": insert.excluded.by,
        },
    )


_REGISTER = {
    "sqlite": _replacing(sqlite.insert(features)),
    "postgresql": _replacing(postgresql.insert(features)),
}


def register(tx: sa.Connection, feature: Feature, *, by: ActorId) -> None:
    """Put a feature online on a site, under an assessment. Again: under a newer one."""
    row = {
        "site_id": feature.site,
        "name": feature.name,
        "assessment_id": feature.assessment,
        "online_at": feature.online_at,
        "by": by,
    }
    tx.execute(_REGISTER[tx.dialect.name], row)
