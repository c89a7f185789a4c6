"""Rows of standing as model values."""

from typing import Any

import sqlalchemy as sa

from gentie.kernel.ids import AccountId, ActorId, DecisionId, SiteId
from gentie.standing.model import (
    Bar,
    CreditEvent,
    CreditKind,
    Measure,
    Proposal,
    ProposalState,
    Sanction,
)


def sanction_of(row: sa.Row[Any]) -> Sanction:
    return Sanction(
        id=row.id,
        account=AccountId(row.account_id),
        site=SiteId(row.site_id),
        measure=Measure(row.measure),
        decision=DecisionId(row.decision),
        rests_on=DecisionId(row.rests_on),
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        confirm_before=row.confirm_before,
        confirmed_by=None if row.confirmed_by is None else ActorId(row.confirmed_by),
        lifted_at=row.lifted_at,
        affirmed_at=row.affirmed_at,
    )


def proposal_of(row: sa.Row[Any]) -> Proposal:
    return Proposal(
        id=row.id,
        account=AccountId(row.account_id),
        site=SiteId(row.site_id),
        measure=Measure(row.measure),
        rests_on=DecisionId(row.rests_on),
        message=row.message,
        proposed_by=ActorId(row.proposed_by),
        role=row.role,
        proposed_at=row.proposed_at,
        expires_at=row.expires_at,
        state=ProposalState(row.state),
    )


def credit_event_of(row: sa.Row[Any]) -> CreditEvent:
    return CreditEvent(
        id=row.id,
        account=AccountId(row.account_id),
        site=SiteId(row.site_id),
        kind=CreditKind(row.kind),
        decision=None if row.decision is None else DecisionId(row.decision),
        points=row.points,
        policy=row.policy,
        at=row.at,
    )


def bar_of(row: sa.Row[Any]) -> Bar:
    return Bar(
        person=row.person,
        decision=DecisionId(row.decision),
        since=row.since,
        until=row.until,
        review_at=row.review_at,
        renewed_by=None if row.renewed_by is None else ActorId(row.renewed_by),
        lifted_at=row.lifted_at,
    )
