from datetime import datetime, timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gentie.screening.model import (
    Action,
    BadRules,
    Finding,
    NeedsAnotherApprover,
    NotADraft,
    Outcome,
    RuleSet,
    State,
    TermList,
)
from gentie.screening.rules import BUILT_IN, approve, combine, faults_of, require_usable
from tests.screening.build import NOON, a_finding, a_list, a_version

findings = st.lists(
    st.builds(
        lambda action, detector, score: a_finding(action=action, detector=detector, score=score),
        st.sampled_from(Action),
        st.sampled_from(["terms:a", "mobile", "model"]),
        st.sampled_from([None, 0.5]),
    ),
    max_size=5,
)
RANK = [Outcome.PASS, Outcome.HOLD, Outcome.REFUSE]


@given(findings, st.lists(st.just("terms"), max_size=1))
def test_one_more_finding_is_never_milder(some: list[Finding], failed: list[str]) -> None:
    fewer, more = (
        combine(these, failed=failed, rule="screening/1").outcome for these in (some[1:], some)
    )

    assert RANK.index(fewer) <= RANK.index(more)
    assert not failed or more is not Outcome.PASS


@given(findings)
def test_only_what_is_certain_refuses(some: list[Finding]) -> None:
    verdict = combine(some, failed=[], rule="screening/1")

    certain = any(
        one.action is Action.REFUSE and one.detector == "terms:a" and one.score is None
        for one in some
    )
    assert (verdict.outcome is Outcome.REFUSE) == certain


def test_what_comes_with_the_release_has_no_words_and_no_fault() -> None:
    assert BUILT_IN.name == "screening/1"
    assert BUILT_IN.rules.terms == ()
    assert list(faults_of(BUILT_IN.rules)) == []


@pytest.mark.parametrize(
    ("lists", "fault"),
    [
        ([a_list()], "no term"),
        ([a_list("a"), a_list("b")], "two lists"),
        ([a_list("a", reason=" ")], "why"),
        ([a_list("a", class_id="")], "class"),
        ([a_list("a", valid_from=NOON, valid_to=NOON)], "ends before"),
        ([a_list("a", valid_to=datetime(2026, 3, 1))], "time zone"),  # noqa: DTZ001 that is it
        ([a_list("a", " \u200b ")], "nothing to find"),
    ],
)
def test_says_what_is_wrong(lists: list[TermList], fault: str) -> None:
    with pytest.raises(BadRules) as refused:
        require_usable(RuleSet(terms=tuple(lists)))

    assert any(fault in said for said in refused.value.facts["faults"])  # type: ignore[attr-defined]  # a list


def test_a_pattern_may_not_refuse() -> None:
    assert list(faults_of(RuleSet(privacy_action=Action.REFUSE)))


class TestApprove:
    draft = a_version(a_list("a"), state=State.DRAFT)

    def test_takes_another_person(self) -> None:
        live = approve(self.draft, by="staff:2", now=NOON)

        assert (live.state, live.approved_by, live.approved_at) == (State.LIVE, "staff:2", NOON)
        with pytest.raises(NeedsAnotherApprover):
            approve(self.draft, by="staff:1", now=NOON)

    def test_happens_once(self) -> None:
        for state in (State.LIVE, State.RETIRED):
            decided = msgspec.structs.replace(self.draft, state=state)
            with pytest.raises(NotADraft):
                approve(decided, by="staff:2", now=NOON + timedelta(days=1))
