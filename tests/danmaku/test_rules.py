"""Where a line may stand, and which are drawn."""

from contextlib import nullcontext
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gentie.danmaku import rules
from gentie.danmaku.model import (
    BadMoment,
    BadStream,
    Mode,
    Rate,
    Stream,
    StreamKind,
    StyleNotOffered,
    Wanted,
)
from gentie.kernel.ids import CommentId
from tests.newsroom import NOON

FILM = Stream(kind=StreamKind.RECORDED)
LIVE = Stream(
    kind=StreamKind.LIVE,
    started_at=NOON - timedelta(minutes=1),
    delay=timedelta(seconds=20),
)
IDS = st.lists(st.integers(1, 10**9).map(lambda n: CommentId(str(n))), unique=True, max_size=60)


def test_a_recorded_video_takes_a_line_anywhere_in_a_day() -> None:
    assert rules.moment_of(Wanted(t_ms=0), FILM, now=NOON) == 0
    assert rules.moment_of(Wanted(t_ms=rules.LONGEST_MS - 1), FILM, now=NOON) > 0
    for outside in (None, -1, rules.LONGEST_MS):
        with pytest.raises(BadMoment):
            rules.moment_of(Wanted(t_ms=outside), FILM, now=NOON)


def test_a_broadcast_takes_none_from_the_future() -> None:
    assert rules.moment_of(Wanted(t_ms=None), LIVE, now=NOON) == 60_000
    assert rules.moment_of(Wanted(t_ms=40_000), LIVE, now=NOON) == 40_000
    with pytest.raises(BadMoment):
        rules.moment_of(Wanted(t_ms=60_001), LIVE, now=NOON)


@pytest.mark.clause("2022-4.4b")
def test_what_was_decided_too_late_goes_over_no_broadcast() -> None:
    late = NOON + timedelta(seconds=21)

    assert rules.goes_live(LIVE, written_at=NOON, now=NOON + timedelta(seconds=20))
    assert not rules.goes_live(LIVE, written_at=NOON, now=late)
    assert rules.goes_live(FILM, written_at=NOON, now=late)


RED = rules.PALETTE["red"]


@pytest.mark.clause("2017-9.1b", "2022-8.b")
@pytest.mark.parametrize("left", [set(), {"positions"}, {"colours"}, {"positions", "colours"}])
def test_place_and_colour_are_taken_each_by_itself(left: set[str]) -> None:
    styles = rules.styles_left(positions="positions" in left, colours="colours" in left)

    rules.require_style(Wanted(t_ms=0), styles)
    with nullcontext() if "positions" in left else pytest.raises(StyleNotOffered):
        rules.require_style(Wanted(t_ms=0, mode=Mode.TOP), styles)
    with nullcontext() if "colours" in left else pytest.raises(StyleNotOffered):
        rules.require_style(Wanted(t_ms=0, colour=RED), styles)
    with pytest.raises(StyleNotOffered):
        rules.require_style(Wanted(t_ms=0, colour=0x010101), styles)


@given(st.integers(0, 0xFFFFFF))
def test_any_colour_becomes_one_with_six_digits(colour: int) -> None:
    nearest = rules.nearest_colour(colour)

    assert nearest in rules.PALETTE.values()
    assert len(f"{nearest:x}") == 6
    assert rules.nearest_colour(nearest) == nearest


@pytest.mark.clause("2017-7.1a")
@given(IDS, st.integers(0, 60))
def test_the_sample_does_not_depend_on_order_or_company(ids: list[CommentId], most: int) -> None:
    drawn = set(rules.drawn(ids, "salt", most=most))

    assert drawn <= set(ids)
    assert len(drawn) == min(most, len(ids))
    assert drawn == set(rules.drawn(list(reversed(ids)), "salt", most=most))
    fewer = [one for one in ids if one in drawn or int(one) % 2]
    assert drawn <= set(rules.drawn(fewer, "salt", most=most))


def test_a_stream_is_sound() -> None:
    rules.require_stream(FILM)
    rules.require_stream(LIVE)
    minutes = timedelta(minutes=11)
    for bad in (
        Stream(kind=StreamKind.LIVE),
        Stream(kind=StreamKind.RECORDED, started_at=NOON),
        Stream(kind=StreamKind.LIVE, started_at=NOON, delay=minutes),
        Stream(kind=StreamKind.RECORDED, delay=timedelta(seconds=1)),
    ):
        with pytest.raises(BadStream):
            rules.require_stream(bad)


def test_the_rate_goes_up_at_once_and_down_when_it_is_calm() -> None:
    rate = rules.next_rate(Rate(), 5, most=5, now=NOON)
    assert rate == Rate()
    rate = rules.next_rate(rate, 21, most=5, now=NOON)
    assert rate.one_in == 8
    for seconds, lines, one_in in ((1, 4, 8), (9, 6, 8), (10, 30, 8), (12, 3, 8), (21, 3, 8)):
        rate = rules.next_rate(rate, lines, most=5, now=NOON + timedelta(seconds=seconds))
        assert rate.one_in == one_in
    rate = rules.next_rate(rate, 3, most=5, now=NOON + timedelta(seconds=22))
    assert rate == Rate()


@given(st.lists(st.integers(1, 500), max_size=30))
def test_what_is_left_out_is_never_understated(lines: list[int]) -> None:
    rate = Rate()
    for n, many in enumerate(lines):
        rate = rules.next_rate(rate, many, most=5, now=NOON + timedelta(seconds=n))
        assert rate.one_in * 5 >= many
        assert rate.one_in.bit_count() == 1
