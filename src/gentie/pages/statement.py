"""What people are told of decisions about what they wrote."""

from datetime import datetime

import msgspec
import sqlalchemy as sa

from gentie.actions.posting.routing import Submitted
from gentie.catalogue.regimes import ContentClass, Text, get_regime
from gentie.comments.model import State
from gentie.decisions import queries
from gentie.decisions.model import Decision
from gentie.kernel.ids import DecisionId


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
    return Answer(
        id=submitted.id,
        state=submitted.state,
        revision=submitted.revision,
        receipt=submitted.receipt,
        decision=decision,
        reasons=reasons_of(queries.get(tx, decision).decision) if decision else None,
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
