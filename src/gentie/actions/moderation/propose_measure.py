"""Propose a measure on an account: a mild one is taken, a severe one needs a second person."""

from datetime import datetime

import msgspec
import sqlalchemy as sa

from gentie.actions.moderation.imposing import (
    Cause,
    Taking,
    lock_cause,
    others_than,
    require_reach,
    take,
)
from gentie.catalogue import fulfils
from gentie.decisions.model import SEVERE, NeedsReason
from gentie.kernel.actor import Actor
from gentie.kernel.chance import new_id
from gentie.kernel.ids import DecisionId
from gentie.standing import rules, store
from gentie.standing.model import AlreadySanctioned, Measure, Proposal, ProposalState
from gentie.standing.queries import resting_on


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """What a moderator proposes."""

    rests_on: DecisionId
    """The decision on what was written."""
    measure: Measure
    message: str
    """Said to the person."""


class Proposed(msgspec.Struct, frozen=True, kw_only=True):
    measure: Measure
    decision: DecisionId | None
    """None: it waits for a second person."""
    proposal: str
    """Empty: it has been taken."""
    until: datetime | None
    """When the measure ends, or the proposal expires."""
    confirm_before: datetime | None
    """Taken by the only reviewer: it ends then unless somebody from outside confirms it."""


@fulfils("2017-8.a", "2017-8.b", "2017-8.c", "2022-7.b", "2022-7.c", "2022f-7")
def propose_measure(tx: sa.Connection, wanted: Wanted, *, acting: Actor, now: datetime) -> Proposed:
    """Take a mild measure, or a severe one where nobody else is there; else let it wait.

    Raises:
        MayNot, NoSuchDecision, NoSuchAccount, NoLadder, NotUpheld, TooLateForMeasure, TooSevere,
        NeedsReason, MeasureNotOffered, NoSuchClass, AlreadySanctioned: nothing was changed.
    """
    acting.require("measure:propose")
    cause = lock_cause(tx, wanted.rests_on, now=now)
    acting.require("measure:propose", site=cause.violation.site)
    require_reach(wanted.measure, acting)
    rules.require_proportionate(wanted.measure, cause.step)
    if resting_on(tx, cause.violation.account, wanted.rests_on):
        raise AlreadySanctioned
    severe = wanted.measure.value in SEVERE
    lone = not others_than(tx, acting.id, cause.violation.site)
    if severe and not lone:
        return _wait(tx, cause, wanted, acting=acting, now=now)
    taking = Taking(measure=wanted.measure, message=wanted.message, first=acting, lone=lone)
    decision = take(tx, cause, taking, now=now).decision
    return Proposed(
        measure=wanted.measure,
        decision=decision.id,
        proposal="",
        until=decision.until,
        confirm_before=decision.confirm_before,
    )


def _wait(
    tx: sa.Connection, cause: Cause, wanted: Wanted, *, acting: Actor, now: datetime
) -> Proposed:
    if not wanted.message.strip():
        raise NeedsReason
    proposal = Proposal(
        id=new_id(),
        account=cause.violation.account,
        site=cause.violation.site,
        measure=wanted.measure,
        rests_on=wanted.rests_on,
        message=wanted.message.strip(),
        proposed_by=acting.id,
        role=acting.role,
        proposed_at=now,
        expires_at=rules.due_by(cause.violation, cause.ladder),
        state=ProposalState.WAITING,
    )
    store.propose(tx, proposal)
    return Proposed(
        measure=wanted.measure,
        decision=None,
        proposal=proposal.id,
        until=proposal.expires_at,
        confirm_before=None,
    )
