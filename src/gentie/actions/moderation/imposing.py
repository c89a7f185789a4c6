"""How a measure on an account is taken: what proposing and confirming share."""

from datetime import datetime

import msgspec
import sqlalchemy as sa

from gentie.accounts import queries as people
from gentie.accounts import store as accounts
from gentie.accounts.lessons import LessonId
from gentie.accounts.roles import staff_actor_id
from gentie.actions.deciding import Deciding, record
from gentie.actions.place import Place, place_of
from gentie.catalogue import fulfils
from gentie.catalogue.regimes import Ladder
from gentie.comments import queries as comments
from gentie.comments.model import Comment, Revision
from gentie.decisions import rules as deciding
from gentie.decisions import store as decisions
from gentie.decisions.model import ON_COMMENT, Automation, Kept, Source
from gentie.decisions.model import Measure as Decided
from gentie.kernel.actor import Actor
from gentie.kernel.chance import new_id
from gentie.kernel.ids import ActorId, CommentId, CommentRef, DecisionId, SiteId, ThreadId
from gentie.standing import queries, rules, store
from gentie.standing.model import (
    EVERYWHERE,
    HOLD_TOPIC,
    Measure,
    NoLadder,
    Sanction,
    Step,
    Violation,
)
from gentie.storage.outbox import send_on_commit


class Cause(msgspec.Struct, frozen=True, kw_only=True):
    """What a measure would rest on, loaded and locked."""

    kept: Kept
    violation: Violation
    place: Place
    comment: Comment
    revision: Revision
    step: Step
    """The most that may follow."""

    @property
    def ladder(self) -> Ladder:
        """Raises NoLadder."""
        if self.place.regime.ladder is None:
            raise NoLadder
        return self.place.regime.ladder


class Taking(msgspec.Struct, frozen=True, kw_only=True):
    """A measure as it is taken, by whom and with whom."""

    measure: Measure
    message: str
    first: Actor
    second: Actor | None = None
    lone: bool = False
    """Nobody else is there who could agree."""


def lock_cause(tx: sa.Connection, decision: DecisionId, *, now: datetime) -> Cause:
    """As `cause_of`, with the decision and the account locked: one measure at a time follows.

    Raises:
        NoSuchDecision, NoSuchAccount, NoLadder, NotUpheld, TooLateForMeasure.
    """
    kept = decisions.get(tx, decision)
    accounts.get_poster(tx, kept.decision.target.author)
    return cause_of(tx, kept, now=now)


def cause_of(tx: sa.Connection, kept: Kept, *, now: datetime) -> Cause:
    """What stands behind a measure, and the most that may follow from it.

    Raises:
        NoLadder, NotUpheld, TooLateForMeasure.
    """
    target = kept.decision.target
    comment = comments.get(tx, CommentRef(ThreadId(target.thread), CommentId(target.comment)))
    revision = comments.get_revision(tx, comment.ref, target.revision)
    place = place_of(tx, comment.thread, now=now)
    violation = violation_of(kept, written_at=revision.created_at)
    earlier = queries.sanctions_of(tx, violation.account)
    step = rules.decide_step(violation, earlier, place.regime.ladder, now=now)
    return Cause(
        kept=kept,
        violation=violation,
        place=place,
        comment=comment,
        revision=revision,
        step=step,
    )


def violation_of(kept: Kept, *, written_at: datetime) -> Violation:
    """A decision as standing sees it."""
    decision = kept.decision
    return Violation(
        decision=decision.id,
        account=decision.target.author,
        site=decision.target.site,
        tier=decision.ground.tier if decision.ground else "",
        written_at=written_at,
        decided_at=decision.decided_at,
        by_person=decision.automation is not Automation.FULL,
        stands=decision.measure in ON_COMMENT and kept.reversed_by is None,
    )


def take(tx: sa.Connection, cause: Cause, taking: Taking, *, now: datetime) -> Kept:
    """Record the measure with its reasons, tell the person, and let it bind from now on.

    Raises:
        TooSevere, MeasureNotOffered, NeedsReason, NoSuchClass, AlreadySanctioned.
    """
    rules.require_proportionate(taking.measure, cause.step)
    kept = record(tx, _deciding(cause, taking, now=now), acting=taking.first, now=now)
    for measure in _bound(taking.measure):
        store.add(tx, _sanction(cause, kept, measure, now=now))
    accounts.offer_lesson(
        tx,
        cause.violation.account,
        LessonId.AFTER_MEASURE,
        about=kept.decision.id,
        site=cause.violation.site,
        now=now,
    )
    if taking.measure in EVERYWHERE:
        accounts.end_sessions_of(tx, ActorId(cause.violation.account), now=now)
    if taking.measure is Measure.BAR:
        _bar(tx, cause, kept, now=now)
    return kept


@fulfils("2017-9.1c", "2022-8.c")
def _bar(tx: sa.Connection, cause: Cause, kept: Kept, *, now: datetime) -> None:
    """Put the person behind the account on the list, and end what they have open elsewhere.

    An account that was never verified stands for nobody: there is nobody to bar.
    """
    verified = people.get_poster(tx, cause.violation.account).verification
    until = kept.decision.until
    if verified is None or until is None:
        return
    if kept.decision.confirm_before is not None:
        until = min(until, kept.decision.confirm_before)
    store.bar(tx, rules.bar_of(verified.person, kept.decision.id, until, now=now))
    send_on_commit(tx, HOLD_TOPIC, {"person": verified.person}, due=now)
    for account in people.accounts_of(tx, verified.person):
        accounts.end_sessions_of(tx, ActorId(account), now=now)


def others_than(tx: sa.Connection, actor: ActorId, site: SiteId) -> list[ActorId]:
    """Who else could agree to a measure on a site: active, and in a role that decides."""
    able = (one for one in people.reviewers(tx) if one.site in (None, site))
    return [found for one in able if (found := staff_actor_id(one.id)) != actor]


def require_reach(measure: Measure, acting: Actor) -> None:
    """Closing meets an account that all sites share: nobody bound to one site may.

    Raises:
        MayNot: they work for one site only.
    """
    if measure in EVERYWHERE and acting.site is not None:
        acting.require("measure:everywhere")


def _bound(measure: Measure) -> tuple[Measure, ...]:
    """Barring a new registration closes the account as well, and outlives nothing but its term."""
    return (Measure.CLOSE, Measure.BAR) if measure is Measure.BAR else (measure,)


def _deciding(cause: Cause, taking: Taking, *, now: datetime) -> Deciding:
    ground = cause.kept.decision.ground
    measure = Decided(taking.measure.value)
    staff = 1 if taking.lone else 2
    return Deciding(
        measure=measure,
        place=cause.place,
        comment=cause.comment,
        revision=cause.revision,
        ground=deciding.decide_ground(
            cause.place.regime,
            ground.class_id if ground else "",
            facts=ground.facts if ground else "",
            message=taking.message,
        ),
        rule=cause.kept.decision.rule,
        automation=Automation.NONE,
        detection=cause.kept.decision.detection,
        source=Source.OWN,
        agreement=cause.place.regime.policy,
        role=taking.first.role,
        confirm_before=deciding.confirm_before(measure, staff=staff, now=now),
        rests_on=cause.kept.decision.id,
        counted=cause.step.counted,
        until=rules.ends_at(taking.measure, cause.ladder, now=now),
        second=taking.second,
    )


def _sanction(cause: Cause, kept: Kept, measure: Measure, *, now: datetime) -> Sanction:
    return Sanction(
        id=new_id(),
        account=cause.violation.account,
        site=cause.violation.site,
        measure=measure,
        decision=kept.decision.id,
        rests_on=cause.kept.decision.id,
        starts_at=now,
        ends_at=rules.ends_at(measure, cause.ladder, now=now),
        confirm_before=kept.decision.confirm_before,
        confirmed_by=None,
        lifted_at=None,
    )
