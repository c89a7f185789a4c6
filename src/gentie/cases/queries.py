"""Reading cases: by secret link, by decision, and as lists for the desk."""

from datetime import datetime

import sqlalchemy as sa

from gentie.cases.model import Case, CaseKind, NoSuchCase
from gentie.cases.rows import case_of
from gentie.cases.tables import appeals_of, case_evidence, case_secrets, cases
from gentie.kernel.ids import AccountId, CaseId, DecisionId, SiteId
from gentie.storage.schema import Id

_BY_SECRET = sa.select(cases).where(
    cases.c.id
    == sa.select(case_secrets.c.case_id)
    .where(case_secrets.c.digest == sa.bindparam("secret"))
    .scalar_subquery()
)
_AGAINST = sa.select(cases).where(
    cases.c.id
    == sa.select(appeals_of.c.case_id)
    .where(appeals_of.c.decision_id == sa.bindparam("decision"))
    .scalar_subquery()
)
_OPEN = (
    sa.select(cases)
    .where(
        sa.or_(
            sa.bindparam("site", type_=sa.Text).is_(None), cases.c.site_id == sa.bindparam("site")
        ),
        cases.c.kind == sa.bindparam("kind"),
        cases.c.state == "received",
    )
    .order_by(cases.c.due_at, cases.c.id)
    .limit(sa.bindparam("most", type_=sa.Integer))
)
_FILED_BY = (  # scatter: a person's own cases, asked for rarely
    sa.select(cases).where(cases.c.filed_by == sa.bindparam("account")).order_by(cases.c.id.desc())
)
_EVIDENCE = sa.select(case_evidence.c.case_id, case_evidence.c.sha256).where(
    case_evidence.c.case_id.in_(sa.bindparam("cases", expanding=True, type_=Id))
)
_ATTACHED = sa.select(case_evidence.c.body).where(
    case_evidence.c.case_id == sa.bindparam("case", type_=Id)
)
_ONE = sa.select(cases).where(cases.c.id == sa.bindparam("case", type_=Id))


_FIRST_ABOUT = sa.select(sa.func.min(cases.c.received_at)).where(
    cases.c.subject == sa.bindparam("subject"),
    cases.c.kind == "report",
    cases.c.received_at <= sa.bindparam("before"),
)
_ABOUT = sa.select(sa.func.count()).where(
    cases.c.subject.in_(sa.bindparam("subjects", expanding=True))
)


def count_about(tx: sa.Connection, subjects: list[str]) -> int:
    """How many cases are about one of these contributions."""
    return tx.scalar(_ABOUT, {"subjects": subjects}) or 0


def first_report_on(tx: sa.Connection, subject: str, *, before: datetime) -> datetime | None:
    """When somebody first reported a contribution, up to then. None: nobody did."""
    found: datetime | None = tx.scalar(_FIRST_ABOUT, {"subject": subject, "before": before})
    return found


def get_by_secret(tx: sa.Connection, digest: str) -> Case:
    """Raises NoSuchCase."""
    row = tx.execute(_BY_SECRET, {"secret": digest}).one_or_none()
    if row is None:
        raise NoSuchCase
    return case_of(row)


def find_appeal_against(tx: sa.Connection, decision: DecisionId) -> Case | None:
    row = tx.execute(_AGAINST, {"decision": decision}).one_or_none()
    return None if row is None else case_of(row)


def open_cases(
    tx: sa.Connection, site: SiteId | None, kind: CaseKind, *, most: int = 100
) -> list[Case]:
    """Cases that wait for an answer, the one due first first."""
    rows = tx.execute(_OPEN, {"site": site, "kind": kind.value, "most": most})
    return [case_of(row) for row in rows]


def evidence_of(tx: sa.Connection, cases: list[CaseId]) -> dict[CaseId, str]:
    """SHA-256 of what was attached, for those cases that have something."""
    rows = tx.execute(_EVIDENCE, {"cases": cases}) if cases else ()
    return {CaseId(row.case_id): row.sha256 for row in rows}


def attached_to(tx: sa.Connection, case: Case) -> bytes | None:
    """What was attached, as it was saved. None: nothing."""
    body: bytes | None = tx.scalar(_ATTACHED, {"case": case.id})
    return body


def get(tx: sa.Connection, case: CaseId) -> Case:
    """Raises NoSuchCase."""
    row = tx.execute(_ONE, {"case": case}).one_or_none()
    if row is None:
        raise NoSuchCase
    return case_of(row)


def filed_by(tx: sa.Connection, account: AccountId) -> list[Case]:
    return [case_of(row) for row in tx.execute(_FILED_BY, {"account": account})]
