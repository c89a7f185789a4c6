"""Decide what waits: publish it now, or plan a refusal that can be taken back for ten seconds."""

import enum
from datetime import datetime

import msgspec
import sqlalchemy as sa

from gentie.accounts import queries as accounts
from gentie.accounts.rules import require_good_standing, require_identity
from gentie.actions.deciding import Deciding, record
from gentie.actions.place import Change, Place, comment_changed, count_public, place_of
from gentie.actions.standing import pass_standing
from gentie.actions.telling import tell_answered
from gentie.catalogue import fulfils
from gentie.comments import rules as life
from gentie.comments import store as comments
from gentie.comments.model import Comment, Event, Origin, Revision, RevisionState, State
from gentie.decisions import store as decisions
from gentie.decisions.model import Automation, Ground, Measure, NoSuchClass, Source
from gentie.decisions.rules import decide_ground
from gentie.kernel.actor import Actor
from gentie.kernel.ids import DecisionId
from gentie.kernel.refusal import Refusal
from gentie.review import rules, store
from gentie.review.model import Item, ItemState, PlannedRefusal
from gentie.screening.model import Verdict
from gentie.standing.model import Capability
from gentie.storage.outbox import send_on_commit

TAKE_EFFECT = "review.take_effect"

_verdict = msgspec.json.Decoder(Verdict)


class Outcome(enum.StrEnum):
    PUBLISHED = "published"
    REFUSING = "refusing"
    """Takes effect at `effect_at`; until then it can be undone without trace."""
    BLOCKED = "blocked"
    """The author may not publish any more, see `code`; the item waits and the author was told."""


class Decided(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    outcome: Outcome
    decision: DecisionId | None = None
    effect_at: datetime | None = None
    code: str = ""


class Opinion(msgspec.Struct, frozen=True, kw_only=True):
    """What a moderator says about an item."""

    measure: Measure
    version: int
    class_id: str = ""
    clause: str = ""
    """The paragraph that the moderator read, if the client says so: it must still be the one."""
    facts: str = ""
    message: str = ""


@fulfils("2017-5.3", "2017-5.5a", "2022-4.4b")
def decide_item(
    tx: sa.Connection, item_id: str, opinion: Opinion, *, acting: Actor, now: datetime
) -> Decided:
    """Publish at once, or plan a refusal with its ground.

    Raises:
        MayNot, NoSuchItem, ItemTaken, ItemDecided, NotYourItem, ItemChanged, NoSuchClass,
        NeedsReason: nothing was changed.
    """
    item = store.get(tx, item_id)
    acting.require("review:decide", site=item.site)
    rules.require_decidable(item, acting.id, version=opinion.version, now=now)
    place = place_of(tx, item.thread, now=now)
    if opinion.measure is Measure.PUBLISH:
        return _publish(tx, item, place, acting=acting, now=now)
    return _plan_refusal(tx, item, opinion, place, acting=acting, now=now)


@fulfils("2017-5.1c", "2022-4.1c")
def _publish(
    tx: sa.Connection, item: Item, place: Place, *, acting: Actor, now: datetime
) -> Decided:
    comment = comments.get(tx, item.ref)
    lapsed = _lapsed(tx, comment, place, now=now)
    if lapsed is not None:
        return _block(tx, item, comment, lapsed, now=now)
    revision = comments.get_revision(tx, comment, item.revision)
    kept = record(
        tx,
        _deciding(Measure.PUBLISH, place, comment, revision, None, role=acting.role),
        acting=acting,
        now=now,
    )
    _show(tx, comment, revision, decision=kept.decision.id, now=now)
    store.close(tx, item, ItemState.DECIDED, role=acting.role, measure="publish", now=now)
    change = Change.NEW if comment.state is State.HELD else Change.CHANGED
    comment_changed(tx, place.thread, comment, change=change, urgent=True, now=now)
    if change is Change.NEW:
        tell_answered(tx, comment, now=now)
    return Decided(outcome=Outcome.PUBLISHED, decision=kept.decision.id)


def _show(
    tx: sa.Connection, comment: Comment, revision: Revision, *, decision: DecisionId, now: datetime
) -> None:
    """Show a revision that waited, in the place of an earlier one if there is one.

    Raises:
        WrongState: the contribution is neither waiting nor public.
    """
    life.after_decision(comment, revision.number, Event.PUBLISH)
    if comment.state is State.PUBLISHED:
        comments.set_revision_state(tx, comment, comment.revision, RevisionState.SUPERSEDED)
    else:
        count_public(tx, comment, 1, now=now)
    comments.show(tx, comment, revision, decision=decision, now=now)


def _lapsed(tx: sa.Connection, comment: Comment, place: Place, *, now: datetime) -> Refusal | None:
    """The gate is asked again at publication: an account may have changed while this waited."""
    if comment.origin is Origin.ARCHIVE:
        return None
    poster = accounts.get_poster(tx, comment.author.id)
    try:
        require_good_standing(poster)
        require_identity(poster, place.regime.identity, now=now)
        pass_standing(tx, place, poster, needs=[Capability.POST], now=now)
    except Refusal as refusal:
        return refusal
    return None


def _block(
    tx: sa.Connection, item: Item, comment: Comment, lapsed: Refusal, *, now: datetime
) -> Decided:
    """Leave it waiting and tell the author why: once they are verified again it can go on."""
    store.release(tx, item)
    decisions.notify_blocked(
        tx, comment.author.id, about=str(comment.ref), code=lapsed.code, now=now
    )
    return Decided(outcome=Outcome.BLOCKED, code=lapsed.code)


def _plan_refusal(
    tx: sa.Connection,
    item: Item,
    opinion: Opinion,
    place: Place,
    *,
    acting: Actor,
    now: datetime,
) -> Decided:
    ground = decide_ground(
        place.regime, opinion.class_id, facts=opinion.facts, message=opinion.message
    )
    if opinion.clause and opinion.clause != ground.clause:
        raise NoSuchClass(class_id=ground.class_id, clause=ground.clause)
    planned = PlannedRefusal(
        class_id=ground.class_id,
        facts=ground.facts,
        message=ground.message,
        by=acting.id,
        role=acting.role,
        effect_at=now + rules.UNDO,
    )
    store.plan(tx, item, planned)
    send_on_commit(tx, TAKE_EFFECT, {"item": item.id}, due=planned.effect_at)
    return Decided(outcome=Outcome.REFUSING, effect_at=planned.effect_at)


def refuse_planned(
    tx: sa.Connection, item: Item, planned: PlannedRefusal, *, acting: Actor, now: datetime
) -> DecisionId:
    """Carry a planned refusal out, in the name of who planned it."""
    acting.require("job:run")
    place = place_of(tx, item.thread, now=now)
    comment = comments.get(tx, item.ref)
    revision = comments.get_revision(tx, comment, item.revision)
    ground = decide_ground(
        place.regime, planned.class_id, facts=planned.facts, message=planned.message
    )
    state = life.after_decision(comment, revision.number, Event.REFUSE)
    deciding = _deciding(Measure.REFUSE, place, comment, revision, ground, role=planned.role)
    planner = msgspec.structs.replace(acting, id=planned.by, role=planned.role)
    decision = record(tx, deciding, acting=planner, now=now).decision.id
    comments.set_revision_state(tx, comment, revision.number, RevisionState.REFUSED)
    if state is State.REFUSED:
        comments.hide(tx, comment, state, decision=decision, now=now)
    store.close(tx, item, ItemState.DECIDED, role=planned.role, measure="refuse", now=now)
    return decision


def _deciding(
    measure: Measure,
    place: Place,
    comment: Comment,
    revision: Revision,
    ground: Ground | None,
    *,
    role: str,
) -> Deciding:
    verdict = _verdict.decode(revision.verdict)
    return Deciding(
        measure=measure,
        place=place,
        comment=comment,
        revision=revision,
        ground=ground,
        rule=verdict.rule,
        automation=Automation.PARTIAL if verdict.findings else Automation.NONE,
        detection="automated" if verdict.findings else "manual",
        source=Source.SUBMISSION,
        agreement=place.regime.policy,
        role=role,
    )
