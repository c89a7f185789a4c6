"""Reading impact assessments."""

import msgspec
import sqlalchemy as sa

from gentie.privacy.impact.model import Impact
from gentie.privacy.tables import impacts

_ALL = sa.select(impacts.c.record).order_by(impacts.c.at.desc(), impacts.c.number)
_impact = msgspec.json.Decoder(Impact)


def all_impacts(tx: sa.Connection) -> list[Impact]:
    """Newest first. A handful for each purpose."""
    return [_impact.decode(one) for one in tx.scalars(_ALL)]


def newest_by_purpose(tx: sa.Connection) -> dict[str, Impact]:
    return {one.purpose: one for one in reversed(all_impacts(tx))}
