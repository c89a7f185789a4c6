"""What findings add up to, and what is wrong with a rule set. Pure."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime

import msgspec

from gentie.catalogue import fulfils
from gentie.kernel.characters import is_visible
from gentie.screening.model import (
    Action,
    BadRules,
    Finding,
    NeedsAnotherApprover,
    NotADraft,
    Outcome,
    PictureList,
    RuleSet,
    RuleSetVersion,
    State,
    TermList,
    Verdict,
)
from gentie.screening.normal import table_form

_HASH = re.compile(r"[0-9a-f]{64}")
BUILT_IN = RuleSetVersion(
    version=1,
    rules=RuleSet(),
    state=State.LIVE,
    author="gentie",
    drafted_at=None,
    approved_by="gentie",
)
"""Comes with the release, and is in force until an operator approves a version of their own."""


@fulfils("2017-5.5d")
def combine(findings: Iterable[Finding], *, failed: Iterable[str], rule: str) -> Verdict:
    """Add up findings. A phase that failed means that a person has to look, never "clean".

    What is statistical may at most hold: only a detector that is certain may refuse.
    """
    certain = tuple(_at_most_hold(finding) for finding in findings)
    broken = tuple(failed)
    asked = {finding.action for finding in certain}
    if Action.REFUSE in asked:
        outcome = Outcome.REFUSE
    elif Action.HOLD in asked or broken:
        outcome = Outcome.HOLD
    else:
        outcome = Outcome.PASS
    return Verdict(outcome=outcome, findings=certain, rule=rule, failed=broken)


def _at_most_hold(finding: Finding) -> Finding:
    certain = finding.score is None and finding.detector.startswith("terms:")
    if finding.action is not Action.REFUSE or certain:
        return finding
    return msgspec.structs.replace(finding, action=Action.HOLD)


def in_force(lists: Iterable[TermList], *, now: datetime) -> list[TermList]:
    """The lists that are used at `now`."""
    return [
        one
        for one in lists
        if (one.valid_from is None or one.valid_from <= now)
        and (one.valid_to is None or now < one.valid_to)
    ]


def next_change(lists: Iterable[TermList], *, now: datetime) -> datetime | None:
    """When a list begins or ceases to be used. None: never again."""
    moments = [moment for one in lists for moment in (one.valid_from, one.valid_to)]
    return min((moment for moment in moments if moment and moment > now), default=None)


def require_usable(rules: RuleSet) -> None:
    """Raises BadRules: something is wrong with the rules; `faults` says what."""
    faults = list(faults_of(rules))
    if faults:
        raise BadRules(faults=faults)


def faults_of(rules: RuleSet) -> Iterator[str]:
    """Say what is unusable or unfair about a rule set."""
    for list_id, times in Counter(one.id for one in rules.terms).items():
        if times > 1:
            yield f"{list_id}: two lists have this id"
    for action in (rules.privacy_action, rules.contact_action, rules.link_action):
        if action is Action.REFUSE:
            yield "a pattern can be wrong about a text: it may hold, not refuse"
    for listed in rules.pictures:
        for fault in _faults_of_pictures(listed):
            yield f"{listed.id}: {fault}"
    for one in rules.terms:
        for fault in _faults_of_list(one):
            yield f"{one.id}: {fault}"


def _faults_of_list(one: TermList) -> Iterator[str]:
    if not one.id or not one.class_id:
        yield "a list needs an id and a class"
    if not one.reason.strip():
        yield "nobody has said why this list exists"
    if not one.terms:
        yield "there is no term in it"
    if any(not is_visible(table_form(term)) for term in one.terms):
        yield "a term has nothing to find in it"
    if one.valid_from and one.valid_to and one.valid_to <= one.valid_from:
        yield "it ends before it begins"
    if any(moment and moment.tzinfo is None for moment in (one.valid_from, one.valid_to)):
        yield "its times have no time zone"


def _faults_of_pictures(one: PictureList) -> Iterator[str]:
    if not one.id or not one.class_id:
        yield "a list needs an id and a class"
    if not one.reason.strip():
        yield "nobody has said why this list exists"
    if not (one.sha256 or one.marks):
        yield "there is no file in it"
    if any(not _HASH.fullmatch(known) for known in (*one.sha256, *one.marks)):
        yield "a hash is not 64 digits of hexadecimal"


def approve(draft: RuleSetVersion, *, by: str, now: datetime) -> RuleSetVersion:
    """The draft as it goes live.

    Raises:
        NotADraft: it is live or retired already.
        NeedsAnotherApprover: the author may not approve their own rules.
    """
    if draft.state is not State.DRAFT:
        raise NotADraft(version=draft.version)
    if draft.author == by:
        raise NeedsAnotherApprover(version=draft.version)
    return msgspec.structs.replace(draft, state=State.LIVE, approved_by=by, approved_at=now)
