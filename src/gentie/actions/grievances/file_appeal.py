"""Appeal against a decision. From the notice, by the person it went against."""

from datetime import datetime, timedelta

import sqlalchemy as sa

from gentie import ledger
from gentie.actions.place import comment_changed, place_of
from gentie.cases import store
from gentie.cases.model import Case, CaseKind, CaseState, Filed
from gentie.catalogue import fulfils
from gentie.catalogue.regimes import get_regime
from gentie.comments import queries as comments
from gentie.decisions import rules
from gentie.decisions import store as decisions
from gentie.decisions.model import Decision, Kept, Measure, NoSuchDecision
from gentie.kernel.actor import Actor, Kind
from gentie.kernel.chance import digest_of, new_id, new_number, new_secret
from gentie.kernel.clock import hour_of
from gentie.kernel.ids import CaseId, CommentId, CommentRef, DecisionId, ThreadId


@fulfils("2022-4.4a", "2022-13.1a")
def file_appeal(
    tx: sa.Connection,
    decision: DecisionId,
    *,
    statement: str,
    receipt: str,
    acting: Actor,
    now: datetime,
) -> Filed:
    """Take an appeal in: number, due date and secret link at once.

    `receipt` proves who asks where there is no session (any more); else it is empty.

    Raises:
        MayNot, NoSuchDecision, NothingToAppeal, AlreadyAppealed: nothing was changed.
    """
    acting.require("decision:appeal")
    kept = decisions.get(tx, decision)
    require_concerned(tx, kept.decision, receipt=receipt, acting=acting, now=now)
    rules.require_appealable(kept.decision, now=now)
    secret = new_secret()
    case = _case(kept.decision, statement, acting=acting, now=now)
    store.add(tx, case, secret=digest_of(secret))
    ledger.append(tx, _leaf(kept, now=now), now=now)
    if kept.decision.measure is Measure.REMOVE:  # its tombstone says that it is appealed
        target = kept.decision.target
        thread = place_of(tx, ThreadId(target.thread), now=now).thread
        comment = comments.get(tx, CommentRef(thread.id, CommentId(target.comment)))
        comment_changed(tx, thread, comment, urgent=False, now=now)
    return Filed(case=case.number, secret=secret, due=case.due_at)


def require_concerned(
    tx: sa.Connection, decision: Decision, *, receipt: str, acting: Actor, now: datetime
) -> None:
    """Let only the author on, by session or by the receipt of the contribution.

    Raises:
        MayNot: no scope to appeal at all.
        NoSuchDecision: not theirs. Says no more than if there were none.
    """
    acting.require("decision:appeal")
    if acting.kind is Kind.ACCOUNT and acting.account == decision.target.author:
        return
    target = decision.target
    ref = CommentRef(ThreadId(target.thread), CommentId(target.comment))
    if not receipt or comments.get(tx, ref).receipt != digest_of(receipt):
        raise NoSuchDecision


def _case(decision: Decision, statement: str, *, acting: Actor, now: datetime) -> Case:
    days = get_regime(decision.regime).windows.appeal_answer_days
    return Case(
        id=CaseId(new_id()),
        number=new_number("A"),
        kind=CaseKind.APPEAL,
        state=CaseState.RECEIVED,
        site=decision.target.site,
        subject=decision.target.ref,
        decision=decision.id,
        class_id=decision.ground.class_id if decision.ground else "",
        statement=statement.strip(),
        filed_by=acting.account if acting.kind is Kind.ACCOUNT else None,
        received_at=now,
        due_at=now + timedelta(days=days),
    )


def _leaf(kept: Kept, *, now: datetime) -> ledger.Leaf:
    return ledger.Leaf(
        kind="appeal",
        hour=hour_of(now),
        site=kept.decision.target.site,
        measure="filed",
        policy=kept.decision.policy,
        record=kept.record,
    )
