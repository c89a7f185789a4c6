"""Which measure may follow which violation, and what the measures in force take away.

Pure. Loading the facts and carrying a measure out is the business of the acts
(`actions.moderation.propose_measure` and its neighbours).
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

import msgspec

from gentie.catalogue import fulfils
from gentie.catalogue.regimes import Ladder, Tier
from gentie.kernel.ids import ActorId, DecisionId, SiteId
from gentie.standing.model import (
    EVERYWHERE,
    REVIEW_NOTICE,
    TAKEN,
    UNDERTAKING_PATH,
    Bar,
    Barred,
    Capability,
    Measure,
    MeasureInForce,
    NoLadder,
    NoSuchBar,
    NoSuchProposal,
    NotUpheld,
    Proposal,
    ProposalState,
    Sanction,
    Step,
    TooLateForMeasure,
    TooSevere,
    UndertakingDue,
    Violation,
)


@fulfils("2017-8.a", "2022-7.b", "2022f-7")
def decide_step(
    violation: Violation, earlier: Iterable[Sanction], ladder: Ladder | None, *, now: datetime
) -> Step:
    """Say the most that may follow from a violation.

    Only an earlier measure that the person had been told of when they wrote raises it: five
    comments of one evening, removed the next day, are one step and not five.

    Raises:
        NoLadder: the regime has no measures on accounts for such a ground.
        NotUpheld: no measure rests on a machine's finding, a suspicion, or what was taken back.
        TooLateForMeasure: nobody is met by old stories.
    """
    steps = ladder.steps(Tier(violation.tier)) if ladder and violation.tier else ()
    if ladder is None or not steps:
        raise NoLadder
    if not (violation.by_person and violation.stands):
        raise NotUpheld
    if now > due_by(violation, ladder):
        raise TooLateForMeasure
    memory = timedelta(days=ladder.memory_days)
    counted = [one for one in earlier if still_counts(one, violation, memory=memory)]
    return Step(
        measure=Measure(steps[min(len(counted), len(steps) - 1)]),
        counted=tuple(sorted({one.decision for one in counted})),
    )


@fulfils("2017-8.b")
def due_by(violation: Violation, ladder: Ladder) -> datetime:
    """Until when a measure may follow: promptly, or not at all."""
    return violation.decided_at + timedelta(days=ladder.within_days)


def still_counts(earlier: Sanction, violation: Violation, *, memory: timedelta) -> bool:
    """Whether an earlier measure raises the next: same site, known to the person, not too old."""
    told = earlier.starts_at
    return (
        earlier.lifted_at is None
        and earlier.site == violation.site
        and violation.written_at - memory <= told < violation.written_at
    )


def require_proportionate(wanted: Measure, step: Step) -> None:
    """Milder than the step is always allowed, harsher never.

    Raises:
        TooSevere: with the harshest that is allowed.
    """
    if wanted.strength > step.measure.strength:
        raise TooSevere(most=step.measure.value)


def ends_at(measure: Measure, ladder: Ladder, *, now: datetime) -> datetime | None:
    """Terms run from the notice, which is now. None: a warning or a closing has no term."""
    days = ladder.days(measure.value)
    return None if days is None else now + timedelta(days=days)


def is_active(sanction: Sanction, *, now: datetime) -> bool:
    """Whether a measure stands: begun, not over, not taken back, confirmed where it has to be."""
    over = sanction.ends_at is not None and now >= sanction.ends_at
    begun = sanction.starts_at <= now
    return sanction.lifted_at is None and begun and not (over or _lapsed(sanction, now=now))


def _lapsed(sanction: Sanction, *, now: datetime) -> bool:
    """Whether one person took it, and nobody has confirmed it in time."""
    until = sanction.confirm_before
    return until is not None and sanction.confirmed_by is None and now >= until


def binds(sanction: Sanction, site: SiteId | None) -> bool:
    """Whether it reaches a site. None: asks for the account itself."""
    return sanction.measure in EVERYWHERE or (site is not None and sanction.site == site)


def strongest(
    sanctions: Iterable[Sanction], site: SiteId | None, *, now: datetime
) -> Sanction | None:
    """The state of an account is its strongest measure in force. None: in good standing."""
    active = (one for one in sanctions if binds(one, site) and is_active(one, now=now))
    return max(active, key=lambda one: one.measure.strength, default=None)


def left(sanctions: Iterable[Sanction], site: SiteId, *, now: datetime) -> frozenset[Capability]:
    """What the measures in force leave an account on a site."""
    here = [one for one in sanctions if binds(one, site) and is_active(one, now=now)]
    taken = frozenset[Capability]().union(*(TAKEN[one.measure] for one in here))
    return frozenset(Capability) - taken


def unaffirmed(sanctions: Iterable[Sanction], site: SiteId, *, now: datetime) -> list[Sanction]:
    """Measures after which the undertaking is still to be given anew on a site, the over ones too.

    Not those that were taken back, nor those that nobody confirmed in time.
    """
    return [
        one
        for one in sanctions
        if one.affirmed_at is None
        and one.lifted_at is None
        and binds(one, site)
        and not _lapsed(one, now=now)
    ]


@fulfils("2017-6.2a")
def require_undertaking(sanctions: Iterable[Sanction], site: SiteId, *, now: datetime) -> None:
    """Asked when something is written. It says nothing of whether the measure was right.

    Raises:
        UndertakingDue: with the page on which it is given.
    """
    if unaffirmed(sanctions, site, now=now):
        raise UndertakingDue(path=UNDERTAKING_PATH)


@fulfils("2017-8.a", "2022-7.b")
def require_capability(
    sanctions: Iterable[Sanction], capability: Capability, site: SiteId, *, now: datetime
) -> None:
    """The gate: asked at submit and again at publish, for every client and form.

    Raises:
        MeasureInForce: with the measure, its end, and the page of its reasons and the appeal.
    """
    standing = [
        one
        for one in sanctions
        if capability in TAKEN[one.measure] and binds(one, site) and is_active(one, now=now)
    ]
    if standing:
        met = max(standing, key=lambda one: one.measure.strength)
        raise MeasureInForce(
            measure=met.measure.value,
            until=met.ends_at,
            decision=met.decision,
            path=f"/d/{met.decision}",
        )


def require_waiting(proposal: Proposal | None, *, now: datetime) -> Proposal:
    """Raises NoSuchProposal: unknown, answered, or too old by now."""
    if proposal is None or proposal.state is not ProposalState.WAITING or now > proposal.expires_at:
        raise NoSuchProposal
    return proposal


@fulfils("2017-9.1c", "2017-9.1d", "2022-7.b", "2022-8.c", "2022-8.d")
def require_not_barred(bars: Iterable[Bar], *, now: datetime) -> None:
    """Asked when a person is verified and whenever one of their accounts posts.

    Raises:
        Barred: with the end and the decision, which can be appealed from the closed account.
    """
    for bar in bars:
        if stands(bar, now=now):
            raise Barred(until=bar.until, decision=bar.decision, path=f"/d/{bar.decision}")


def stands(bar: Bar, *, now: datetime) -> bool:
    """Whether a person may not come back: not over, not taken back, renewed where it was due."""
    return bar.lifted_at is None and bar.since <= now < min(bar.until, bar.review_at)


def held_until(bars: Iterable[Bar], *, now: datetime) -> datetime | None:
    """How long the vault has to know a person again. None: nothing asks for it.

    To the end of the term and not to the review: a renewal must not find the person forgotten.
    """
    return max((bar.until for bar in bars if stands(bar, now=now)), default=None)


def review_after(until: datetime, *, now: datetime) -> datetime:
    """When a bar that lasts until then is looked at again: halfway, or at its end if near."""
    return until if until - now < 2 * REVIEW_NOTICE else now + (until - now) / 2


@fulfils("2017-9.1c", "2022-8.c")
def renew(bar: Bar | None, *, by: ActorId, now: datetime) -> Bar:
    """Somebody looked at a bar and found it still needed. Its end stays where it was.

    Raises:
        NoSuchBar: unknown, or it has ended, so that only a new decision could bar again.
    """
    if bar is None or not stands(bar, now=now):
        raise NoSuchBar
    review_at = review_after(bar.until, now=now)
    return msgspec.structs.replace(bar, review_at=review_at, renewed_by=by)


def bar_of(person: str, decision: DecisionId, until: datetime, *, now: datetime) -> Bar:
    """A bar from now on, to be looked at again halfway."""
    return Bar(
        person=person,
        decision=decision,
        since=now,
        until=until,
        review_at=review_after(until, now=now),
        lifted_at=None,
    )
