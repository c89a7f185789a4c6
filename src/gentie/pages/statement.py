"""What people are told of decisions about what they wrote."""

from datetime import datetime

import msgspec
import sqlalchemy as sa

from gentie.actions.grievances.file_appeal import require_concerned
from gentie.actions.posting.routing import Submitted
from gentie.cases.model import Case
from gentie.cases.queries import find_appeal_against
from gentie.catalogue import fulfils
from gentie.catalogue.regimes import ContentClass, Text, get_regime
from gentie.comments.model import State
from gentie.decisions import queries
from gentie.decisions.model import Decision, Kept
from gentie.kernel.actor import Actor
from gentie.kernel.ids import DecisionId
from gentie.ledger.queries import index_of


class Reasons(msgspec.Struct, frozen=True, kw_only=True):
    """Why something adverse was decided, as its author hears it at once."""

    class_id: str = msgspec.field(name="class")
    tier: str
    title: Text | None
    clause: str
    legal_ref: str
    facts: str
    message: str
    automation: str
    """none, partial or full: whether a rule decided."""
    appeal_before: datetime | None


class Answer(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    id: str
    state: State
    """Of what was just sent: an edit may wait while the earlier text stays public."""
    revision: int
    receipt: str = ""
    """Opens the statement of reasons without an account. Given once, for a new comment."""
    decision: DecisionId | None = None
    reasons: Reasons | None = None


def answer_of(tx: sa.Connection, submitted: Submitted) -> Answer:
    """With the reasons where something was decided against the author."""
    decision = submitted.decision
    reasons = reasons_of(queries.get(tx, decision).decision) if decision else None
    return msgspec.structs.replace(answer_without_reasons(submitted), reasons=reasons)


def answer_without_reasons(submitted: Submitted) -> Answer:
    """The whole answer where nothing was decided against the author."""
    return Answer(
        id=submitted.id,
        state=submitted.state,
        revision=submitted.revision,
        receipt=submitted.receipt,
        decision=submitted.decision,
        reasons=None,
    )


def reasons_of(decision: Decision) -> Reasons | None:
    """None: nothing adverse was decided."""
    ground = decision.ground
    if ground is None:
        return None
    found = class_of(decision)
    return Reasons(
        class_id=ground.class_id,
        tier=ground.tier,
        title=found.title if found else None,
        clause=ground.clause,
        legal_ref=ground.legal_ref,
        facts=ground.facts,
        message=ground.message,
        automation=decision.automation.value,
        appeal_before=decision.appeal_before,
    )


def class_of(decision: Decision) -> ContentClass | None:
    """The ground as the regime names it today. None: there is none, or the pack has dropped it."""
    if decision.ground is None:
        return None
    classes = get_regime(decision.regime).classes
    return next((one for one in classes if one.id == decision.ground.class_id), None)


class AppealState(msgspec.Struct, frozen=True, kw_only=True):
    number: str
    state: str
    due_at: datetime


class Statement(msgspec.Struct, frozen=True, kw_only=True):
    """The statement of reasons, for the person concerned, with what proves it."""

    id: DecisionId
    measure: str
    comment: str
    site: str
    quote: str
    """The text decided on."""
    reasons: Reasons | None
    definition: Text | None
    rule: str
    detection: str
    source: str
    by: str
    """Role of who decided, never a name."""
    regime: str
    policy: str
    agreement: str
    decided_at: datetime
    confirm_before: datetime | None
    until: datetime | None
    """When a measure on the account ends. Null: it has no term."""
    rests_on: DecisionId | None
    """For a measure on the account: the decision on what was written."""
    counted: tuple[DecisionId, ...]
    """Earlier measures that raised this one."""
    second: str
    """Role of who agreed to a severe measure. Empty: one person decided."""
    appeal: AppealState | None
    appealable: bool
    reversed_by: DecisionId | None
    commitment: str
    """Stands in the leaf: HMAC-SHA256 under `salt` of "Decision", a zero byte and `record`."""
    salt: str
    record: str
    """The whole decision as it was committed to: JSON with sorted keys."""
    leaf: int | None
    """Index in the public log; null until it has one."""
    proof: str
    """Path of a tlog-proof file."""


@fulfils("2017-7.1a", "2022-7.a", "2022-7.c")
def load_statement(
    tx: sa.Connection, decision_id: DecisionId, *, receipt: str, acting: Actor, now: datetime
) -> Statement:
    """For the author, by session or by receipt.

    Raises:
        MayNot, NoSuchDecision: not theirs says no more than if there were none.
    """
    kept = load_concerned(tx, decision_id, receipt=receipt, acting=acting, now=now)
    decision, found = kept.decision, class_of(kept.decision)
    case = find_appeal_against(tx, decision.id)
    open_until = decision.appeal_before
    return Statement(
        id=decision.id,
        measure=decision.measure.value,
        comment=decision.target.ref,
        site=decision.target.site,
        quote=decision.target.quote,
        reasons=reasons_of(decision),
        definition=found.definition if found else None,
        rule=decision.rule,
        detection=decision.detection,
        source=decision.source.value,
        by=decision.role,
        regime=decision.regime,
        policy=decision.policy,
        agreement=decision.agreement,
        decided_at=decision.decided_at,
        confirm_before=decision.confirm_before,
        until=decision.until,
        rests_on=decision.rests_on,
        counted=decision.counted,
        second=decision.second_role,
        appeal=_appeal(case),
        appealable=case is None and open_until is not None and now <= open_until,
        reversed_by=kept.reversed_by,
        commitment=kept.record,
        salt=kept.salt.hex(),
        record=msgspec.json.encode(decision, order="sorted").decode(),
        leaf=index_of(tx, kept.leaf),
        proof=f"/api/v1/decisions/{decision.id}/proof",
    )


def load_concerned(
    tx: sa.Connection, decision_id: DecisionId, *, receipt: str, acting: Actor, now: datetime
) -> Kept:
    """A decision, for whom it went against and nobody else. Raises as `load_statement`."""
    kept = queries.get(tx, decision_id)
    require_concerned(tx, kept.decision, receipt=receipt, acting=acting, now=now)
    return kept


def _appeal(case: Case | None) -> AppealState | None:
    if case is None:
        return None
    return AppealState(number=case.number, state=case.state.value, due_at=case.due_at)
