"""A measure is never harsher than what the person could know, and ends when it says so."""

from datetime import timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gentie.catalogue.regimes import Tier
from gentie.kernel.ids import ActorId, DecisionId, SiteId
from gentie.standing import rules
from gentie.standing.model import (
    EVERYWHERE,
    TAKEN,
    Capability,
    Measure,
    MeasureInForce,
    NoLadder,
    NotUpheld,
    Sanction,
    TooLateForMeasure,
    TooSevere,
)
from tests.standing.build import DAY, HERE, LADDER, NOON, a_sanction, a_violation

AWAY = SiteId("away")
hours = st.integers(-2000, 2000).map(lambda n: NOON + timedelta(hours=n))
sanctions = st.builds(
    a_sanction,
    st.sampled_from(Measure),
    site=st.sampled_from([HERE, AWAY]),
    decision=st.integers(1, 9).map(lambda n: DecisionId(str(n))),
    starts_at=hours,
    ends_at=st.none() | hours,
    confirm_before=st.none() | hours,
    confirmed_by=st.none() | st.just(ActorId("staff:9")),
    lifted_at=st.none() | hours,
)


@pytest.mark.clause("2017-8.a", "2022-7.b", "2022f-7")
class TestStep:
    @given(st.lists(sanctions, max_size=8), st.sampled_from(Tier))
    def test_counts_only_what_the_person_had_been_told(
        self, earlier: list[Sanction], tier: Tier
    ) -> None:
        violation = a_violation(tier=tier.value)
        told = [one for one in earlier if one.starts_at < violation.written_at]

        step = rules.decide_step(violation, earlier, LADDER, now=NOON)

        assert step == rules.decide_step(violation, told, LADDER, now=NOON)
        assert set(step.counted) <= {one.decision for one in told if one.lifted_at is None}

    @given(st.lists(sanctions, max_size=8), st.sampled_from(Tier), st.data())
    def test_taking_one_back_never_makes_it_harsher(
        self, earlier: list[Sanction], tier: Tier, data: st.DataObject
    ) -> None:
        violation = a_violation(tier=tier.value)
        before = rules.decide_step(violation, earlier, LADDER, now=NOON).measure
        if not earlier:
            return
        chosen = data.draw(st.integers(0, len(earlier) - 1))
        fewer = [
            msgspec.structs.replace(one, lifted_at=NOON) if n == chosen else one
            for n, one in enumerate(earlier)
        ]

        assert rules.decide_step(violation, fewer, LADDER, now=NOON).measure.strength <= (
            before.strength
        )

    def test_five_comments_of_one_evening_are_one_step(self) -> None:
        """Measures taken today for yesterday's other comments were not known yesterday."""
        today = [
            a_sanction(Measure.WARN, decision=DecisionId(str(n)), starts_at=NOON) for n in "1234"
        ]

        step = rules.decide_step(a_violation(), today, LADDER, now=NOON)

        assert (step.measure, step.counted) == (Measure.WARN, ())

    @pytest.mark.parametrize(
        ("tier", "known", "measure"),
        [
            ("terms", 0, Measure.WARN),
            ("terms", 2, Measure.RESTRICT),
            ("terms", 9, Measure.SUSPEND),
            ("negative", 1, Measure.RESTRICT),
            ("illegal", 0, Measure.RESTRICT),
            ("illegal", 3, Measure.BAR),
        ],
    )
    def test_goes_up_one_step_for_each_known_measure(
        self, tier: str, known: int, measure: Measure
    ) -> None:
        earlier = [a_sanction(decision=DecisionId(str(n))) for n in range(1, known + 1)]

        assert (
            rules.decide_step(a_violation(tier=tier), earlier, LADDER, now=NOON).measure == measure
        )

    def test_forgets(self) -> None:
        old = a_sanction(starts_at=NOON - 400 * DAY)

        assert rules.decide_step(a_violation(), [old], LADDER, now=NOON).counted == ()

    @pytest.mark.parametrize("changes", [{"by_person": False}, {"stands": False}])
    def test_rests_on_nothing_doubtful(self, changes: dict[str, object]) -> None:
        with pytest.raises(NotUpheld):
            rules.decide_step(a_violation(**changes), [], LADDER, now=NOON)

    def test_needs_a_ladder_with_a_step(self) -> None:
        empty = msgspec.structs.replace(LADDER, terms=())

        for ladder in (None, empty):
            with pytest.raises(NoLadder):
                rules.decide_step(a_violation(), [], ladder, now=NOON)

    @pytest.mark.clause("2017-8.b")
    def test_comes_promptly_or_not_at_all(self) -> None:
        last = a_violation().decided_at + 14 * DAY

        rules.decide_step(a_violation(), [], LADDER, now=last)
        with pytest.raises(TooLateForMeasure):
            rules.decide_step(a_violation(), [], LADDER, now=last + timedelta(seconds=1))

    def test_milder_is_always_allowed(self) -> None:
        step = rules.decide_step(a_violation(tier="illegal"), [], LADDER, now=NOON)

        rules.require_proportionate(Measure.WARN, step)
        rules.require_proportionate(Measure.RESTRICT, step)
        with pytest.raises(TooSevere) as refused:
            rules.require_proportionate(Measure.SUSPEND, step)
        assert refused.value.facts == {"most": "restrict"}


@pytest.mark.clause("2017-8.a", "2022-7.b")
class TestInForce:
    @given(st.lists(sanctions, max_size=6))
    def test_what_is_left_is_what_no_measure_in_force_takes(self, all_of: list[Sanction]) -> None:
        here = [one for one in all_of if one.measure in EVERYWHERE or one.site == HERE]
        standing = [one for one in here if rules.is_active(one, now=NOON)]

        left = rules.left(all_of, HERE, now=NOON)

        for capability in Capability:
            taken = any(capability in TAKEN[one.measure] for one in standing)
            assert (capability not in left) == taken
            if taken:
                with pytest.raises(MeasureInForce):
                    rules.require_capability(all_of, capability, HERE, now=NOON)
            else:
                rules.require_capability(all_of, capability, HERE, now=NOON)

    @given(sanctions)
    def test_ends_by_itself_at_its_moment(self, one: Sanction) -> None:
        ends = [one.ends_at] if one.ends_at else []
        if one.confirm_before and one.confirmed_by is None:
            ends.append(one.confirm_before)
        for end in ends:
            assert not rules.is_active(one, now=end)

    @given(st.lists(sanctions, max_size=6))
    def test_the_state_is_the_strongest(self, all_of: list[Sanction]) -> None:
        found = rules.strongest(all_of, HERE, now=NOON)

        standing = [
            one for one in all_of if rules.binds(one, HERE) and rules.is_active(one, now=NOON)
        ]
        assert (found is None) == (not standing)
        assert all(found and one.measure.strength <= found.measure.strength for one in standing)

    def test_a_lone_measure_lasts_once_it_is_confirmed(self) -> None:
        lone = a_sanction(Measure.SUSPEND, confirm_before=NOON)
        confirmed = msgspec.structs.replace(lone, confirmed_by=ActorId("staff:9"))

        assert not rules.is_active(lone, now=NOON)
        assert rules.is_active(confirmed, now=NOON)

    def test_says_where_to_appeal(self) -> None:
        with pytest.raises(MeasureInForce) as refused:
            rules.require_capability([a_sanction()], Capability.VOTE, HERE, now=NOON)

        assert refused.value.facts["path"] == "/d/200"

    def test_stays_on_its_site_unless_it_meets_the_account(self) -> None:
        assert rules.left([a_sanction(Measure.SUSPEND)], AWAY, now=NOON) == frozenset(Capability)
        assert rules.left([a_sanction(Measure.CLOSE)], AWAY, now=NOON) == frozenset()

    def test_a_warning_takes_nothing(self) -> None:
        assert rules.left([a_sanction(Measure.WARN)], HERE, now=NOON) == frozenset(Capability)

    @pytest.mark.parametrize(
        ("measure", "days"), [(Measure.WARN, None), (Measure.RESTRICT, 7), (Measure.BAR, 365)]
    )
    def test_terms_run_from_the_notice(self, measure: Measure, days: int | None) -> None:
        until = None if days is None else NOON + days * DAY

        assert rules.ends_at(measure, LADDER, now=NOON) == until
