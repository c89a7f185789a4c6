"""Rows of cases as model values."""

from typing import Any

import sqlalchemy as sa

from gentie.cases.model import Case, CaseKind, CaseState
from gentie.kernel.ids import AccountId, CaseId, DecisionId, SiteId


def case_of(row: sa.Row[Any]) -> Case:
    return Case(
        id=CaseId(row.id),
        number=row.number,
        kind=CaseKind(row.kind),
        state=CaseState(row.state),
        site=SiteId(row.site_id),
        subject=row.subject,
        decision=None if row.decision is None else DecisionId(row.decision),
        class_id=row.class_id,
        statement=row.statement,
        filed_by=None if row.filed_by is None else AccountId(row.filed_by),
        received_at=row.received_at,
        due_at=row.due_at,
    )
