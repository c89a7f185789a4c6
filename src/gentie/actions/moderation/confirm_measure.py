"""Agree to a severe measure that a colleague proposed: it is taken now."""

from datetime import datetime

import msgspec
import sqlalchemy as sa

from gentie.actions.moderation.imposing import Taking, lock_cause, require_reach, take
from gentie.actions.moderation.propose_measure import Proposed
from gentie.catalogue import fulfils
from gentie.decisions.rules import require_other_person
from gentie.kernel.actor import Actor
from gentie.standing import rules, store
from gentie.standing.model import Measure, ProposalState


@fulfils("2017-8.a", "2017-9.1c", "2022-7.b", "2022-8.c", "2022f-7")
def confirm_measure(
    tx: sa.Connection, proposal_id: str, *, acting: Actor, now: datetime
) -> Proposed:
    """Take a proposed measure, in both names. Everything it rests on is looked at again.

    Raises:
        MayNot, NoSuchProposal, NeedsSecondPerson, NotUpheld, TooLateForMeasure, TooSevere,
        AlreadySanctioned: nothing was changed.
    """
    acting.require("measure:confirm")
    proposal = rules.require_waiting(store.find_proposal(tx, proposal_id), now=now)
    acting.require("measure:confirm", site=proposal.site)
    if proposal.measure is Measure.BAR:
        acting.require("measure:senior", site=proposal.site)
    require_reach(proposal.measure, acting)
    require_other_person(proposal.proposed_by, acting.id)
    cause = lock_cause(tx, proposal.rests_on, now=now)
    first = msgspec.structs.replace(acting, id=proposal.proposed_by, role=proposal.role)
    taking = Taking(measure=proposal.measure, message=proposal.message, first=first, second=acting)
    decision = take(tx, cause, taking, now=now).decision
    store.answer(tx, proposal, ProposalState.CONFIRMED, by=acting.id)
    return Proposed(
        measure=proposal.measure,
        decision=decision.id,
        proposal="",
        until=decision.until,
        confirm_before=None,
    )
