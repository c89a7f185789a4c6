"""From a verdict to a place: published, held for a person, or refused with its reasons."""

from datetime import datetime, timedelta

import msgspec
import sqlalchemy as sa

from gentie.accounts.lessons import LessonId
from gentie.accounts.model import AgreementHead
from gentie.accounts.store import offer_lesson
from gentie.actions.deciding import Deciding, record
from gentie.actions.place import Place
from gentie.actions.posting.make_draft import Draft
from gentie.catalogue import fulfils
from gentie.comments.model import Comment, Revision, RevisionState, State
from gentie.decisions.model import Automation, Ground, Measure
from gentie.decisions.rules import decide_ground
from gentie.kernel.actor import SERVICE
from gentie.kernel.ids import DecisionId
from gentie.review import store as review
from gentie.screening.model import Action, Finding, Outcome
from gentie.sites.rules import needs_person
from gentie.standing.model import Capability

SCREENING = "screening"
"""The role that notices and leaves name when a rule decided."""

STATES = {
    Outcome.PASS: State.PUBLISHED,
    Outcome.HOLD: State.HELD,
    Outcome.REFUSE: State.REFUSED,
}
REVISION_STATES = {
    Outcome.PASS: RevisionState.PUBLISHED,
    Outcome.HOLD: RevisionState.HELD,
    Outcome.REFUSE: RevisionState.REFUSED,
}


class Submitted(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What an author hears at once."""

    id: str
    state: State
    """Of what was just sent: an edit may wait while the earlier text stays public."""
    revision: int
    receipt: str = ""
    """Opens the statement of reasons without an account. Given once, for a new contribution."""
    decision: DecisionId | None = None
    """Where it went against the author: what was decided."""


class Weighed(msgspec.Struct, frozen=True, kw_only=True):
    """A screened text at its place, with what happens to it."""

    place: Place
    agreement: AgreementHead
    draft: Draft
    outcome: Outcome
    within: timedelta | None = None
    """How long a person has for it. None: as long as the regime says."""


def weigh(
    draft: Draft,
    place: Place,
    agreement: AgreementHead,
    left: frozenset[Capability],
    *,
    within: timedelta | None = None,
    now: datetime,
) -> Weighed:
    """Say what happens: a pass still waits where a person has to look first.

    `left` is what the author's standing leaves them.
    """
    outcome = draft.verdict.outcome
    if outcome is Outcome.PASS and (
        Capability.UNREVIEWED not in left
        or needs_person(place.thread, place.regime, place.switches, now=now)
    ):
        outcome = Outcome.HOLD
    return Weighed(place=place, agreement=agreement, draft=draft, outcome=outcome, within=within)


def first_revision(comment: Comment, weighed: Weighed, *, now: datetime) -> Revision:
    """The revision that `comment.latest` numbers, in the state that its outcome gives it."""
    draft = weighed.draft
    return Revision(
        thread=comment.thread,
        comment=comment.id,
        number=comment.latest,
        state=REVISION_STATES[weighed.outcome],
        source=draft.source,
        plain=draft.plain,
        nodes=draft.nodes,
        html=draft.html,
        kinds=tuple(sorted(draft.kinds)),
        created_at=now,
        verdict=msgspec.json.encode(draft.verdict),
        parts=draft.parts,
    )


@fulfils("2017-5.3", "2022-4.4b")
def settle(
    tx: sa.Connection, comment: Comment, revision: Revision, weighed: Weighed, *, now: datetime
) -> DecisionId | None:
    """Record the decision that an outcome is, or queue the revision for a person.

    An automatic pass is a decision too: it names the version of the rules that passed it.
    """
    if weighed.outcome is Outcome.HOLD:
        usual = timedelta(seconds=weighed.place.regime.windows.review_seconds)
        due = now + (weighed.within or usual)
        review.open_item(
            tx,
            site=comment.site,
            thread=comment.thread,
            comment=comment.id,
            revision=revision.number,
            due_at=due,
            now=now,
        )
        return None
    decision = _automatic(comment, revision, weighed)
    made = record(tx, decision, acting=SERVICE, now=now).decision.id
    if weighed.outcome is Outcome.REFUSE:
        about = {"about": made, "site": comment.site}
        offer_lesson(tx, comment.author.id, LessonId.RISKY_DRAFT, **about, now=now)
    return made


def _automatic(comment: Comment, revision: Revision, weighed: Weighed) -> Deciding:
    ground = _ground(weighed) if weighed.outcome is Outcome.REFUSE else None
    return Deciding(
        measure=Measure.PUBLISH if ground is None else Measure.REFUSE,
        place=weighed.place,
        comment=comment,
        revision=revision,
        ground=ground,
        rule=weighed.draft.verdict.rule,
        automation=Automation.FULL,
        detection="automated",
        agreement=weighed.agreement.policy,
        role=SCREENING,
    )


def _ground(weighed: Weighed) -> Ground:
    """The class that the refusing rule names, and what it says."""
    finding = _refusing(weighed.draft.verdict.findings)
    text = weighed.draft.plain
    seen = "; ".join(f"“{text[span.start : span.end]}”" for span in finding.spans)
    return decide_ground(
        weighed.place.regime,
        finding.class_id or "",
        facts=f"{finding.says}: {seen}" if seen else finding.says,
        message=finding.says,
    )


def _refusing(findings: tuple[Finding, ...]) -> Finding:
    return next(finding for finding in findings if finding.action is Action.REFUSE)
