"""How every decision is recorded: row, leaf and notice together, in the act's own transaction."""

from datetime import datetime

import msgspec
import sqlalchemy as sa

from gentie import ledger
from gentie.actions.crediting import credit_decision
from gentie.actions.place import Place
from gentie.actions.telling import tell_decided
from gentie.catalogue import fulfils
from gentie.comments.model import Comment, Revision, Subject, Tombstone
from gentie.decisions import rules, store
from gentie.decisions.model import (
    REVERSAL,
    Automation,
    Decider,
    Decision,
    Ground,
    Kept,
    Measure,
    Source,
    Target,
)
from gentie.kernel.actor import Actor
from gentie.kernel.chance import new_id, new_salt
from gentie.kernel.clock import hour_of
from gentie.kernel.ids import DecisionId

_KINDS: dict[Measure, ledger.Kind] = {
    Measure.PUBLISH: "published",
    Measure.REFUSE: "decision",
    Measure.REMOVE: "decision",
    Measure.RESTORE: "reversal",
    Measure.RECALL: "reversal",
    Measure.WARN: "sanction",
    Measure.RESTRICT: "sanction",
    Measure.SUSPEND: "sanction",
    Measure.CLOSE: "sanction",
    Measure.BAR_REREGISTRATION: "sanction",
    Measure.LIFT: "reversal",
}
_QUOTED = 500
"""Characters of the text that a statement of reasons quotes."""


class Deciding(msgspec.Struct, frozen=True, kw_only=True):
    """Everything about a decision but its number and time."""

    measure: Measure
    place: Place
    comment: Comment
    revision: Revision
    ground: Ground | None = None
    rule: str = ""
    automation: Automation = Automation.NONE
    detection: str = "manual"
    source: Source = Source.SUBMISSION
    agreement: str = ""
    role: str
    confirm_before: datetime | None = None
    reverses: Kept | None = None
    rests_on: DecisionId | None = None
    counted: tuple[DecisionId, ...] = ()
    until: datetime | None = None
    second: Actor | None = None
    """Who agreed, where two people have to."""


@fulfils("2017-7.1a", "2017-8.c", "2022-7.a", "2022-7.c")
def record(tx: sa.Connection, deciding: Deciding, *, acting: Actor, now: datetime) -> Kept:
    """Keep a decision, commit to it in the public log, and tell the author where it matters.

    Raises:
        AlreadyReversed: it would reverse what another decision has reversed.
    """
    return _keep(tx, deciding, subject="", acting=acting, now=now)


@fulfils("2017-7.1a")
def record_removal(
    tx: sa.Connection, deciding: Deciding, *, acting: Actor, now: datetime
) -> tuple[Kept, Tombstone]:
    """Keep a removal, with the tombstone whose nonce lets any reader find it in the log."""
    nonce = new_salt()
    subject = Subject(comment=str(deciding.comment.ref), revision=deciding.revision.number)
    shown = ledger.commitment(subject, nonce)
    kept = _keep(tx, deciding, subject=shown, acting=acting, now=now)
    decision = kept.decision
    tombstone = Tombstone(
        tier=decision.ground.tier if decision.ground else "",
        class_id=_public_class(deciding),
        by=decision.role,
        nonce=nonce.hex(),
        leaf=kept.leaf,
        revision=deciding.revision.number,
    )
    return kept, tombstone


def _keep(
    tx: sa.Connection, deciding: Deciding, *, subject: str, acting: Actor, now: datetime
) -> Kept:
    key, salt = new_salt(), new_salt()
    decision = _decision(deciding, acting=acting, key=key, now=now)
    record = ledger.commitment(decision, salt)
    kept = Kept(
        decision=decision,
        decided_by=acting.id,
        seconded_by=deciding.second.id if deciding.second else None,
        decider_key=key,
        salt=salt,
        leaf=ledger.append(tx, _leaf(deciding, decision, record, subject=subject), now=now),
        record=record,
        reversed_by=None,
    )
    store.add(tx, kept)
    credit_decision(tx, decision, deciding.place.regime, now=now)
    if decision.automation is not Automation.FULL or decision.ground is not None:
        store.notify(tx, decision)
        tell_decided(tx, decision, now=now)
    return kept


def _decision(deciding: Deciding, *, acting: Actor, key: bytes, now: datetime) -> Decision:
    comment, revision, place = deciding.comment, deciding.revision, deciding.place
    second = deciding.second
    rules.require_measure(deciding.measure, place.regime)
    return Decision(
        id=DecisionId(new_id()),
        measure=deciding.measure,
        target=Target(
            site=comment.site,
            thread=comment.thread,
            comment=comment.id,
            ref=str(comment.ref),
            revision=revision.number,
            author=comment.author.id,
            quote=revision.plain[:_QUOTED],
        ),
        ground=deciding.ground,
        rule=deciding.rule,
        automation=deciding.automation,
        detection=deciding.detection,
        source=deciding.source,
        decider=ledger.commitment(Decider(actor=acting.id), key),
        role=deciding.role,
        regime=place.regime.id,
        policy=place.regime.policy,
        agreement=deciding.agreement,
        decided_at=now,
        appeal_before=rules.appeal_until(deciding.measure, place.regime, now=now),
        confirm_before=deciding.confirm_before,
        reverses=deciding.reverses.decision.id if deciding.reverses else None,
        rests_on=deciding.rests_on,
        counted=deciding.counted,
        until=deciding.until,
        second=ledger.commitment(Decider(actor=second.id), key) if second else "",
        second_role=second.role if second else "",
    )


def _leaf(deciding: Deciding, decision: Decision, commitment: str, *, subject: str) -> ledger.Leaf:
    ground = decision.ground
    return ledger.Leaf(
        kind=_KINDS[decision.measure],
        hour=hour_of(decision.decided_at),
        site=decision.target.site,
        measure=decision.measure.value,
        tier=ground.tier if ground else "",
        class_id=_public_class(deciding),
        clause=ground.clause if ground and _public_class(deciding) else "",
        policy=decision.policy,
        rule=decision.rule,
        automation=decision.automation.value,
        detection=decision.detection,
        source=decision.source.value,
        role=decision.role,
        record=commitment,
        subject=subject,
        reverses=_reversed_leaf(deciding),
    )


def _public_class(deciding: Deciding) -> str:
    """The class as tombstone and leaf may name it: the leaf is linked to the tombstone."""
    if deciding.ground is None:
        return ""
    content_class = deciding.place.regime.get_class(deciding.ground.class_id)
    return rules.tombstone_class(deciding.ground, content_class)


def _reversed_leaf(deciding: Deciding) -> str:
    if deciding.measure in REVERSAL and deciding.reverses is not None:
        return deciding.reverses.record
    return ""
