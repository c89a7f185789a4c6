"""What a decision needs before it may stand."""

from datetime import datetime, timedelta

from gentie.catalogue import fulfils
from gentie.catalogue.regimes import ContentClass, Regime
from gentie.decisions.model import (
    ADVERSE,
    SEVERE,
    AlreadyReversed,
    Decision,
    Ground,
    Kept,
    Measure,
    MeasureNotOffered,
    NeedsReason,
    NeedsSecondPerson,
    NoSuchClass,
    NothingToAppeal,
    NothingToConfirm,
)
from gentie.kernel.ids import ActorId

LONE_TERM = timedelta(days=7)
"""How long what the only staff member does lasts before an outsider has to confirm it."""


@fulfils("2017-6.2b", "2017-7.1a", "2022-7.a", "2022-9.b")
def decide_ground(regime: Regime, class_id: str, *, facts: str, message: str) -> Ground:
    """Rest an adverse measure on a class of the regime in force, with its clause.

    Raises:
        NoSuchClass: the regime has no such class; there is no ground "other".
        NeedsReason: class, facts or message are missing.
    """
    if not class_id:
        raise NeedsReason
    found = {one.id: one for one in regime.classes}.get(class_id)
    if found is None:
        raise NoSuchClass(class_id=class_id)
    if not facts.strip() or not message.strip():
        raise NeedsReason
    return Ground(
        class_id=found.id,
        tier=found.tier.value,
        clause=found.clause,
        legal_ref=found.legal_ref,
        facts=facts.strip(),
        message=message.strip(),
    )


def require_measure(measure: Measure, regime: Regime) -> None:
    """Order nothing against anybody that the regime does not know.

    Raises:
        MeasureNotOffered: the pack does not list it.
    """
    if measure in ADVERSE and measure.value not in regime.measures:
        raise MeasureNotOffered(measure=measure.value)


def appeal_until(measure: Measure, regime: Regime, *, now: datetime) -> datetime | None:
    """The window runs from the notice, which is now: a slow review must not eat it up."""
    return now + regime.windows.appeal if measure in ADVERSE else None


def confirm_before(measure: Measure, *, staff: int, now: datetime) -> datetime | None:
    """When what a lone staff member does ends by itself. None: others can check it, or it is mild.

    Holds for removals and for every severe measure on an account.
    """
    lone = staff <= 1 and (measure is Measure.REMOVE or measure in SEVERE)
    return now + LONE_TERM if lone else None


def tombstone_class(ground: Ground, content_class: ContentClass) -> str:
    """The class a reader may see: none where it would brand the author or expose somebody."""
    return "" if content_class.hidden else ground.class_id


def require_reversible(kept: Kept) -> None:
    """Raises AlreadyReversed."""
    if kept.reversed_by is not None:
        raise AlreadyReversed


def require_appealable(decision: Decision, *, now: datetime) -> None:
    """Raises NothingToAppeal: nothing adverse, or the window has closed."""
    if decision.appeal_before is None or now > decision.appeal_before:
        raise NothingToAppeal


@fulfils("2017-9.1c", "2022-8.c")
def require_other_person(first: ActorId, second: ActorId) -> None:
    """Raises NeedsSecondPerson: one person would be alone behind something severe."""
    if first == second:
        raise NeedsSecondPerson


def require_unconfirmed(kept: Kept, *, confirmed: bool, now: datetime) -> None:
    """Raises NothingToConfirm: nobody has to, somebody has, or it has ended."""
    due = kept.decision.confirm_before
    if due is None or now >= due or confirmed or kept.reversed_by is not None:
        raise NothingToConfirm
