"""Report something that somebody else wrote. Needs no account."""

import hashlib
from datetime import datetime, timedelta

import msgspec
import sqlalchemy as sa

from gentie.actions.place import place_of
from gentie.boundaries.queries import evidence_body
from gentie.cases import store
from gentie.cases.model import Case, CaseKind, CaseState, Filed, NothingToReport
from gentie.catalogue import fulfils
from gentie.comments import store as comments
from gentie.comments.model import State
from gentie.decisions.model import NoSuchClass
from gentie.kernel.actor import Actor, Kind
from gentie.kernel.chance import digest_of, new_id, new_number, new_secret
from gentie.kernel.ids import CaseId, CommentRef


class Report(msgspec.Struct, frozen=True, kw_only=True):
    subject: CommentRef
    class_id: str
    statement: str
    """What is wrong, in the reporter's words. May be empty: the class says the most."""
    evidence: str = ""
    """Id of something that the reporter has saved. Empty: nothing goes with it."""


@fulfils("2022-4.4a", "2022-13.1a")
def file_report(tx: sa.Connection, report: Report, *, acting: Actor, now: datetime) -> Filed:
    """Take a report in: number, due date and secret link at once.

    Raises:
        MayNot, NoSuchComment, NothingToReport, NoSuchClass, NoSuchEvidence: nothing was changed.
    """
    acting.require("case:file")
    comment = comments.get(tx, report.subject)
    acting.require("case:file", site=comment.site)
    if comment.state is not State.PUBLISHED:
        raise NothingToReport
    regime = place_of(tx, comment.thread, now=now).regime
    if report.class_id not in {one.id for one in regime.classes}:
        raise NoSuchClass(class_id=report.class_id)
    secret = new_secret()
    case = Case(
        id=CaseId(new_id()),
        number=new_number("R"),
        kind=CaseKind.REPORT,
        state=CaseState.RECEIVED,
        site=comment.site,
        subject=str(report.subject),
        decision=None,
        class_id=report.class_id,
        statement=report.statement.strip(),
        filed_by=acting.account if acting.kind is Kind.ACCOUNT else None,
        received_at=now,
        due_at=now + timedelta(days=regime.windows.report_answer_days),
    )
    store.add(tx, case, secret=digest_of(secret))
    if report.evidence:
        body = evidence_body(tx, acting.account, report.evidence)
        store.attach(tx, case, body, sha256=hashlib.sha256(body).hexdigest())
    return Filed(case=case.number, secret=secret, due=case.due_at)
