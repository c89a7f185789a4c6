"""The formula of credit: bounded, forgiving, and blind to everything but decisions."""

from contextlib import nullcontext
from datetime import timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gentie.catalogue.regimes import Credit, shipped_regimes
from gentie.kernel.ids import AccountId, DecisionId, SiteId
from gentie.standing.credit import (
    better_from,
    capabilities_taken,
    counted,
    lesson_is_due,
    require_credit,
    score,
    tier_of,
)
from gentie.standing.model import Capability, CreditEvent, CreditKind, CreditTooLow
from tests.standing.build import DAY, HERE, NOON

CREDITS = [one.credit for one in shipped_regimes().values() if one.credit]
CREDIT = CREDITS[0]


def an_event(**changes: object) -> CreditEvent:
    one = CreditEvent(
        id="1",
        account=AccountId("river"),
        site=HERE,
        kind=CreditKind.REMOVED,
        decision=DecisionId("100"),
        points=-10,
        policy="cn-2022-final/1",
        at=NOON,
    )
    return msgspec.structs.replace(one, **changes)


def _of(number: int, kind: CreditKind, points: int, hours: int) -> CreditEvent:
    lesson = kind is CreditKind.LESSON
    return an_event(
        id=str(number),
        kind=kind,
        decision=None if lesson else DecisionId(str(number)),
        points=CREDIT.lesson if lesson else -points,
        at=NOON - timedelta(hours=hours),
    )


EVENTS = st.lists(
    st.tuples(
        st.sampled_from([CreditKind.REFUSED, CreditKind.REMOVED, CreditKind.LESSON]),
        st.sampled_from([CREDIT.terms, CREDIT.negative, CREDIT.illegal]),
        st.integers(0, 24 * 900),
    ),
    max_size=12,
).map(lambda rows: [_of(number, *row) for number, row in enumerate(rows, 1)])


@pytest.mark.clause("2017-9.1a", "2022-8.a")
class TestScore:
    @given(EVENTS)
    def test_stays_between_the_floor_and_a_hundred(self, events: list[CreditEvent]) -> None:
        assert CREDIT.floor <= score(events, CREDIT, now=NOON) <= 100

    @given(EVENTS, st.integers(0, 24 * 900), st.integers(0, 24 * 900))
    def test_never_falls_by_itself(self, events: list[CreditEvent], a: int, b: int) -> None:
        sooner, later = sorted((a, b))
        assert score(events, CREDIT, now=NOON + timedelta(hours=sooner)) <= score(
            events, CREDIT, now=NOON + timedelta(hours=later)
        )

    @given(EVENTS)
    def test_is_the_same_in_any_order(self, events: list[CreditEvent]) -> None:
        assert score(events, CREDIT, now=NOON) == score(events[::-1], CREDIT, now=NOON)

    @given(EVENTS)
    def test_one_more_loss_never_raises_it_and_one_more_lesson_never_lowers_it(
        self, events: list[CreditEvent]
    ) -> None:
        before = score(events, CREDIT, now=NOON)
        loss = _of(99, CreditKind.REMOVED, CREDIT.terms, 0)
        lesson = _of(98, CreditKind.LESSON, 0, 0)
        assert score([*events, loss], CREDIT, now=NOON) <= before
        assert score([*events, lesson], CREDIT, now=NOON) >= before

    @given(EVENTS)
    def test_what_is_overturned_never_counted(self, events: list[CreditEvent]) -> None:
        loss = _of(99, CreditKind.REFUSED, CREDIT.illegal, 1)
        repaired = msgspec.structs.replace(loss, id="100", kind=CreditKind.REPAIRED, points=0)
        assert score([*events, loss, repaired], CREDIT, now=NOON) == score(events, CREDIT, now=NOON)

    @given(EVENTS)
    def test_all_is_forgiven_in_the_end(self, events: list[CreditEvent]) -> None:
        assert score(events, CREDIT, now=NOON + 3000 * DAY) == 100

    def test_halves_as_published(self) -> None:
        event = an_event(points=-20)
        assert score([event], CREDIT, now=NOON) == 80
        assert score([event], CREDIT, now=NOON + 90 * DAY) == 90
        assert score([event], CREDIT, now=NOON + 180 * DAY) == 95

    def test_who_is_new_has_full_credit(self) -> None:
        assert score([], CREDIT, now=NOON) == 100
        assert counted([an_event()], now=NOON - DAY) == []


@pytest.mark.clause("2017-9.1b", "2022-8.b")
class TestTier:
    @given(EVENTS)
    def test_the_day_of_the_next_one_is_kept(self, events: list[CreditEvent]) -> None:
        here = tier_of(score(events, CREDIT, now=NOON), CREDIT)
        better = better_from(events, CREDIT, now=NOON)
        if better is None:
            assert here == CREDIT.tiers[0]
            return
        there = tier_of(score(events, CREDIT, now=better), CREDIT)
        assert CREDIT.tiers.index(there) < CREDIT.tiers.index(here)

    @pytest.mark.parametrize("credit", CREDITS)
    @pytest.mark.parametrize("needed", list(Capability))
    def test_allows_what_the_table_says(self, credit: Credit, needed: Capability) -> None:
        for tier in credit.tiers:
            takes = needed.value in tier.takes
            refused = pytest.raises(CreditTooLow) if takes else nullcontext()
            with refused:
                require_credit(tier, [needed], SiteId("daily"), better=None)

    @pytest.mark.parametrize("credit", CREDITS)
    def test_posting_itself_is_never_taken(self, credit: Credit) -> None:
        for tier in credit.tiers:
            assert Capability.POST not in capabilities_taken(tier)


def test_a_lesson_gives_back_once_in_a_while() -> None:
    loss = an_event()
    lesson = an_event(id="2", kind=CreditKind.LESSON, decision=None, points=5, at=NOON + DAY)
    assert not lesson_is_due([], CREDIT, now=NOON)
    assert lesson_is_due([loss], CREDIT, now=NOON)
    assert not lesson_is_due([loss, lesson], CREDIT, now=NOON + 30 * DAY)
    assert lesson_is_due([loss, lesson], CREDIT, now=NOON + 31 * DAY)
