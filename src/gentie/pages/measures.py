"""What the desk sees of measures on accounts: what may follow, what waits, what was taken."""

from datetime import datetime, timedelta

import msgspec
import sqlalchemy as sa

from gentie.accounts import queries as accounts
from gentie.actions.moderation.imposing import cause_of, others_than
from gentie.decisions import queries as decisions
from gentie.decisions.model import SEVERE, Kept
from gentie.kernel.actor import Actor
from gentie.kernel.ids import AccountId, DecisionId, SiteId
from gentie.kernel.refusal import Refusal
from gentie.pages.clocks import Clock, clock_of
from gentie.pages.desk import Past, past_of
from gentie.standing import queries
from gentie.standing.model import REVIEW_NOTICE, TAKEN, Capability, Measure, Proposal, Sanction
from gentie.standing.rules import is_active

LONGEST = timedelta(days=3660)
"""No bar is longer."""


class Choice(msgspec.Struct, frozen=True, kw_only=True):
    """A measure that may follow, with its effect: what a moderator sees before choosing."""

    measure: Measure
    days: int | None
    """Null: it has no term."""
    takes: tuple[Capability, ...]
    second_person: bool


class TakenView(msgspec.Struct, frozen=True, kw_only=True):
    decision: DecisionId
    account: str
    """The name in front."""
    site: SiteId
    measure: Measure
    since: datetime
    until: datetime | None
    active: bool
    lifted: bool
    comment: str
    """The contribution that it rests on."""
    clock: Clock


class Preview(msgspec.Struct, frozen=True, kw_only=True):
    rests_on: Past
    account: str
    choices: tuple[Choice, ...]
    """Mildest first. Empty: nothing may follow, `no` says why."""
    no: str
    """Code of the refusal."""
    says: str
    earlier: tuple[TakenView, ...]
    lone: bool
    """Nobody else is there: what is severe ends by itself unless it is confirmed from outside."""


class ProposalView(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    account: str
    site: SiteId
    measure: Measure
    message: str
    rests_on: Past
    by: str
    """Role, never a name."""
    own: bool
    """Proposed by who is looking: somebody else has to agree."""
    proposed_at: datetime
    expires_at: datetime


class BarView(msgspec.Struct, frozen=True, kw_only=True):
    """A person who may not come back, seen by the decision and not by who they are."""

    decision: DecisionId
    rests_on: Past
    since: datetime
    until: datetime
    review_at: datetime
    """It ends then unless it is renewed."""
    due: bool
    """To be looked at now."""
    renewed: bool


class Measures(msgspec.Struct, frozen=True, kw_only=True):
    waiting: tuple[ProposalView, ...]
    lone: tuple[Past, ...]
    """Decided by an only reviewer, to be confirmed by somebody else."""
    taken: tuple[TakenView, ...]
    bars: tuple[BarView, ...]
    """In force, the one that is reviewed first first."""


def load_preview(
    tx: sa.Connection, decision: DecisionId, *, acting: Actor, now: datetime
) -> Preview:
    """What may follow from a decision on what somebody wrote. Raises MayNot, NoSuchDecision."""
    kept = decisions.get(tx, decision)
    target = kept.decision.target
    acting.require("measure:propose", site=target.site)
    choices, no = _choices(tx, kept, now=now)
    earlier = queries.sanctions_of(tx, target.author)
    return Preview(
        rests_on=past_of(kept),
        account=_name(tx, target.author),
        choices=choices,
        no=no.code if no else "",
        says=no.says if no else "",
        earlier=tuple(_taken(tx, one, now=now) for one in reversed(earlier)),
        lone=not others_than(tx, acting.id, target.site),
    )


def load_measures(
    tx: sa.Connection, site: SiteId | None, *, acting: Actor, now: datetime
) -> Measures:
    """What waits for a second person, and what was taken, newest first. Raises MayNot."""
    acting.require("measure:propose", site=site)
    here = site or acting.site
    return Measures(
        waiting=tuple(_waiting(tx, one, acting) for one in queries.waiting(tx, here, now=now)),
        lone=tuple(past_of(one) for one in decisions.unconfirmed(tx, here, now=now)),
        taken=tuple(_taken(tx, one, now=now) for one in queries.taken(tx, here)),
        bars=_bars(tx, here, now=now),
    )


def _choices(
    tx: sa.Connection, kept: Kept, *, now: datetime
) -> tuple[tuple[Choice, ...], Refusal | None]:
    try:
        cause = cause_of(tx, kept, now=now)
        ladder = cause.ladder
    except Refusal as no:
        return (), no
    offered = (
        one
        for one in Measure
        if one.strength <= cause.step.measure.strength and one.value in cause.place.regime.measures
    )
    made = (
        Choice(
            measure=one,
            days=ladder.days(one.value),
            takes=tuple(sorted(TAKEN[one])),
            second_person=one.value in SEVERE,
        )
        for one in offered
    )
    return tuple(made), None


def _waiting(tx: sa.Connection, proposal: Proposal, acting: Actor) -> ProposalView:
    return ProposalView(
        id=proposal.id,
        account=_name(tx, proposal.account),
        site=proposal.site,
        measure=proposal.measure,
        message=proposal.message,
        rests_on=past_of(decisions.get(tx, proposal.rests_on)),
        by=proposal.role,
        own=proposal.proposed_by == acting.id,
        proposed_at=proposal.proposed_at,
        expires_at=proposal.expires_at,
    )


def _taken(tx: sa.Connection, sanction: Sanction, *, now: datetime) -> TakenView:
    kept = decisions.get(tx, sanction.decision)
    return TakenView(
        decision=sanction.decision,
        account=_name(tx, sanction.account),
        site=sanction.site,
        measure=sanction.measure,
        since=sanction.starts_at,
        until=sanction.ends_at,
        active=is_active(sanction, now=now),
        lifted=sanction.lifted_at is not None,
        comment=kept.decision.target.ref,
        clock=clock_of(tx, sanction),
    )


def _bars(tx: sa.Connection, site: SiteId | None, *, now: datetime) -> tuple[BarView, ...]:
    """All that were decided on a site; None: on any."""
    listed = queries.bars_in_force(tx, due=now + LONGEST, now=now)
    views = ((decisions.get(tx, one.decision), one) for one in listed)
    return tuple(
        BarView(
            decision=one.decision,
            rests_on=past_of(kept),
            since=one.since,
            until=one.until,
            review_at=one.review_at,
            due=one.review_at <= now + REVIEW_NOTICE and one.review_at < one.until,
            renewed=one.renewed_by is not None,
        )
        for kept, one in views
        if site in (None, kept.decision.target.site)
    )


def _name(tx: sa.Connection, account: AccountId) -> str:
    return accounts.get_poster(tx, account).name
