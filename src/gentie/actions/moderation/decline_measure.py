"""Turn a proposed measure down, or take back one's own proposal. Nobody outside hears of it."""

from datetime import datetime

import sqlalchemy as sa

from gentie.kernel.actor import Actor
from gentie.standing import rules, store
from gentie.standing.model import ProposalState


def decline_measure(tx: sa.Connection, proposal_id: str, *, acting: Actor, now: datetime) -> None:
    """Close a proposal without a measure.

    Raises:
        MayNot, NoSuchProposal: nothing was changed.
    """
    acting.require("measure:confirm")
    proposal = rules.require_waiting(store.find_proposal(tx, proposal_id), now=now)
    acting.require("measure:confirm", site=proposal.site)
    store.answer(tx, proposal, ProposalState.DECLINED, by=acting.id)
