"""Builders for screening. Each gives a valid value; a test names only what it is about."""

from datetime import UTC, datetime

import msgspec

from gentie.screening.model import Action, Finding, RuleSet, RuleSetVersion, Span, State, TermList
from gentie.screening.pipeline import CompiledRules, compile_rules

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def a_list(*terms: str, **changes: object) -> TermList:
    made = TermList(
        id="list-1", class_id="spam", action=Action.HOLD, terms=terms, reason="tried in a test"
    )
    return msgspec.structs.replace(made, **changes)


def a_finding(**changes: object) -> Finding:
    made = Finding(
        detector="mobile",
        version="screening/1",
        class_id="privacy",
        action=Action.HOLD,
        spans=(Span(0, 2),),
        says="Looks like a mobile number",
    )
    return msgspec.structs.replace(made, **changes)


def a_version(*lists: TermList, **changes: object) -> RuleSetVersion:
    made = RuleSetVersion(
        version=2,
        rules=RuleSet(terms=lists),
        state=State.LIVE,
        author="staff:1",
        drafted_at=NOON,
    )
    return msgspec.structs.replace(made, **changes)


def compiled(*lists: TermList) -> CompiledRules:
    return compile_rules(a_version(*lists), now=NOON)
