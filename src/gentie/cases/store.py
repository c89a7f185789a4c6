"""The SQL of cases that writes."""

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from gentie.cases.model import AlreadyAppealed, Case
from gentie.cases.tables import appeals_of, case_evidence, case_secrets, cases

_ADD = cases.insert()
_ADD_SECRET = case_secrets.insert()
_ADD_APPEAL = appeals_of.insert()
_ADD_EVIDENCE = case_evidence.insert()


def add(tx: sa.Connection, case: Case, *, secret: str) -> None:
    """Store a new case; `secret` is the digest that opens it.

    Raises:
        AlreadyAppealed: the decision has an appeal.
    """
    row = {
        "id": case.id,
        "number": case.number,
        "kind": case.kind.value,
        "state": case.state.value,
        "site_id": case.site,
        "subject": case.subject,
        "decision": case.decision,
        "class_id": case.class_id,
        "statement": case.statement,
        "filed_by": case.filed_by,
        "received_at": case.received_at,
        "due_at": case.due_at,
    }
    tx.execute(_ADD, row)
    tx.execute(_ADD_SECRET, {"digest": secret, "case_id": case.id})
    if case.decision is not None:
        _claim_decision(tx, case)


def _claim_decision(tx: sa.Connection, case: Case) -> None:
    try:
        with tx.begin_nested():
            tx.execute(_ADD_APPEAL, {"decision_id": case.decision, "case_id": case.id})
    except IntegrityError as error:
        raise AlreadyAppealed from error


def attach(tx: sa.Connection, case: Case, body: bytes, *, sha256: str) -> None:
    """Keep a copy of saved evidence with a new case."""
    tx.execute(_ADD_EVIDENCE, {"case_id": case.id, "sha256": sha256, "body": body})
