"""How a row becomes a rule set version."""

from typing import Any

import msgspec
import sqlalchemy as sa

from gentie.screening.model import RuleSet, RuleSetVersion, State

_BODY = msgspec.json.Decoder(RuleSet)


def version_of(row: sa.Row[Any]) -> RuleSetVersion:
    return RuleSetVersion(
        version=row.version,
        rules=_BODY.decode(row.body),
        state=State(row.state),
        author=row.author,
        drafted_at=row.drafted_at,
        approved_by=row.approved_by,
        approved_at=row.approved_at,
    )
