"""The SQL of impact assessments that writes."""

import msgspec
import sqlalchemy as sa

from gentie.privacy.impact.model import Impact
from gentie.privacy.tables import impacts

_ADD = impacts.insert()


def add(tx: sa.Connection, impact: Impact, *, salt: bytes, commitment: str, leaf: str) -> None:
    row = {"number": impact.number, "purpose": impact.purpose, "at": impact.at}
    row |= {"record": msgspec.json.encode(impact)}
    tx.execute(_ADD, row | {"salt": salt, "commitment": commitment, "leaf": leaf})
