"""The events of a thread: kept short, told in order, and never once they are not true any more."""

import asyncio
import re
from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gentie.kernel.ids import SiteId
from gentie.pages import streams as module
from gentie.pages.streams import Follower, Place, Streams, TooManyFollowers, TooManyFromHere
from tests.pages.build import Seconds

PLACE = Place(SiteId("daily"), "a")


@pytest.fixture
def seconds() -> Seconds:
    return Seconds()


@pytest.fixture
def streams(seconds: Seconds) -> Streams:
    return Streams(seconds=seconds)


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


def follow(streams: Streams, stack: ExitStack, *, last: str = "", place: Place = PLACE) -> Follower:
    return stack.enter_context(streams.following(place, address="here", last=last))


def tell(streams: Streams, event: str, *, about: str = "", data: object = None) -> None:
    stream = streams.find(PLACE)
    assert stream is not None
    streams.record(stream, event, data or {}, about=about)


def told(frames: bytes) -> list[str]:
    """The events by name."""
    lines = frames.decode().split("\n")
    return [line.removeprefix("event: ") for line in lines if line.startswith("event")]


def last_id(frames: bytes) -> str:
    lines = frames.decode().split("\n")
    return [line.removeprefix("id: ") for line in lines if line.startswith("id")][-1]


async def test_each_event_is_told_once_and_in_order(streams: Streams, stack: ExitStack) -> None:
    reader = follow(streams, stack)
    tell(streams, "new", about="1")
    tell(streams, "new", about="2")

    assert await reader.wait(10)
    assert told(reader.take()) == ["new", "new"]
    assert reader.take() == b""


async def test_the_wire_format_is_one_line_of_json(streams: Streams, stack: ExitStack) -> None:
    reader = follow(streams, stack)
    tell(streams, "new", data={"text": "a\nb\r\n\u2028"})

    named, event, data, *rest = reader.take().split(b"\n")

    assert (named.startswith(b"id: "), event) == (True, b"event: new")
    assert data == 'data: {"text":"a\\nb\\r\\n\u2028"}'.encode()
    assert rest == [b"", b""]


async def test_who_comes_back_is_told_the_rest(streams: Streams, stack: ExitStack) -> None:
    with ExitStack() as first:
        reader = follow(streams, first)
        tell(streams, "new", about="1")
        last = last_id(reader.take())
    tell(streams, "new", about="2")
    tell(streams, "counts")

    assert told(follow(streams, stack, last=last).take()) == ["new", "counts"]
    assert follow(streams, stack).take() == b""


@pytest.mark.parametrize("last", ["elsewhere.1", "1", "rubbish", ".", "x.-1", "\u0661.\u0661"])
async def test_who_comes_from_another_run_reads_again(
    streams: Streams, stack: ExitStack, last: str
) -> None:
    reader = follow(streams, stack, last=last)

    assert reader.mark == ""
    assert told(reader.take()) == ["again"]
    tell(streams, "new")
    assert told(reader.take()) == ["new"]


async def test_a_number_that_was_never_given_is_no_place_to_go_on_from(
    streams: Streams, stack: ExitStack
) -> None:
    run = follow(streams, stack).mark.partition(".")[0]

    assert told(follow(streams, stack, last=f"{run}.99").take()) == ["again"]


async def test_who_was_away_too_long_reads_again(streams: Streams, stack: ExitStack) -> None:
    reader = follow(streams, stack)
    tell(streams, "new")
    last = last_id(reader.take())
    for _ in range(module.ENTRIES):
        tell(streams, "counts")
    assert len(told(follow(streams, stack, last=last).take())) == module.ENTRIES
    tell(streams, "counts")

    assert told(follow(streams, stack, last=last).take()) == ["again"]


async def test_few_bytes_are_kept_however_long_events_are(
    streams: Streams, stack: ExitStack
) -> None:
    reader = follow(streams, stack)
    for _ in range(20):
        tell(streams, "new", data="x" * (module.KEPT // 4))

    assert told(reader.take()) == ["again"]
    tell(streams, "new", data="x" * (module.KEPT * 2))
    assert told(reader.take()) == ["again"]


@pytest.mark.clause("2017-5.5d")
async def test_a_removed_text_is_told_to_nobody_who_comes_back(
    streams: Streams, stack: ExitStack
) -> None:
    last = follow(streams, stack).mark
    tell(streams, "new", about="1", data={"text": "nobody may read"})
    tell(streams, "new", about="2")
    tell(streams, "removed", about="1")

    frames = follow(streams, stack, last=last).take()

    assert told(frames) == ["new", "removed"]
    assert b"nobody may read" not in frames


async def test_what_was_told_before_all_has_to_be_read_again_is_forgotten(
    streams: Streams, stack: ExitStack
) -> None:
    last = follow(streams, stack).mark
    tell(streams, "new", data={"text": "under an old name"})
    for stream in streams.of_site(PLACE.site):
        streams.read_again(stream)

    frames = follow(streams, stack, last=last).take()

    assert told(frames) == ["again"]
    assert b"old name" not in frames


async def test_a_thread_is_recorded_for_a_while_when_all_have_left(
    streams: Streams, seconds: Seconds, stack: ExitStack
) -> None:
    with ExitStack() as first:
        last = follow(streams, first).mark
    seconds.now += module.LINGER - 1
    assert streams.may_record(PLACE)
    tell(streams, "new")
    assert told(follow(streams, stack, last=last).take()) == ["new"]
    stack.close()
    seconds.now += module.LINGER + 1

    assert streams.find(PLACE) is None
    assert not streams.may_record(PLACE)
    assert told(follow(streams, stack, last=last).take()) == ["again"]


async def test_few_threads_are_recorded_without_readers(streams: Streams) -> None:
    for number in range(module.LINGERING + 20):
        with ExitStack() as first:
            follow(streams, first, place=Place(PLACE.site, str(number)))

    assert len(streams.of_site(PLACE.site)) == module.LINGERING


async def test_places_are_counted_in_all_and_by_address(stack: ExitStack) -> None:
    streams = Streams(most=3, each=2)
    with streams.following(PLACE, address="here"):
        stack.enter_context(streams.following(PLACE, address="here"))
        with pytest.raises(TooManyFromHere):
            streams.require_room("here")
        stack.enter_context(streams.following(PLACE, address="there"))
        with pytest.raises(TooManyFollowers) as no:
            streams.require_room("elsewhere")
        assert 20 <= int(str(no.value.facts["retry_after"])) < 60

    streams.require_room("here")
    assert streams.count == 2


async def test_the_end_wakes_everybody_and_takes_nobody_in(
    streams: Streams, stack: ExitStack
) -> None:
    readers = [follow(streams, stack) for _ in range(3)]

    streams.end()

    assert [await reader.wait(10) for reader in readers] == [True] * 3
    assert all(reader.over for reader in readers)
    with pytest.raises(TooManyFollowers):
        streams.require_room("here")


async def test_nothing_to_tell_is_said(streams: Streams, stack: ExitStack) -> None:
    assert not await follow(streams, stack).wait(0)


class Wire:
    """Where a follower's events are written past its task."""

    def __init__(self) -> None:
        self.written: list[bytes] = []
        self.is_full = False

    def push(self, chunk: bytes) -> bool:
        if not self.is_full:
            self.written.append(chunk)
        return not self.is_full


def pushed_to(streams: Streams, stack: ExitStack, wire: Wire, *, last: str = "") -> Follower:
    following = streams.following(PLACE, address="here", last=last, push=wire.push)
    return stack.enter_context(following)


async def waiting(reader: Follower) -> asyncio.Task[bool]:
    task = asyncio.create_task(reader.wait(10))
    await asyncio.sleep(0)
    return task


async def test_who_waits_is_written_to_at_once(streams: Streams, stack: ExitStack) -> None:
    wire = Wire()
    reader = pushed_to(streams, stack, wire)
    task = await waiting(reader)
    tell(streams, "new", about="1")
    tell(streams, "counts")

    assert [told(one) for one in wire.written] == [["new"], ["counts"]]
    assert not task.done()
    assert reader.take() == b""
    assert reader.mark == last_id(wire.written[-1])
    task.cancel()


async def test_who_is_being_told_something_is_not_written_to(
    streams: Streams, stack: ExitStack
) -> None:
    wire = Wire()
    reader = pushed_to(streams, stack, wire)
    tell(streams, "new", about="1")

    assert wire.written == []
    assert told(reader.take()) == ["new"]


async def test_who_is_slow_takes_the_rest_in_order(streams: Streams, stack: ExitStack) -> None:
    wire = Wire()
    reader = pushed_to(streams, stack, wire)
    task = await waiting(reader)
    tell(streams, "new", about="1")
    wire.is_full = True
    tell(streams, "changed", about="2")
    wire.is_full = False
    tell(streams, "counts")

    assert [told(one) for one in wire.written] == [["new"]]
    assert await task
    assert told(reader.take()) == ["changed", "counts"]


async def test_who_came_back_is_told_what_was_missed_first(
    streams: Streams, stack: ExitStack
) -> None:
    wire = Wire()
    with ExitStack() as first:
        last = follow(streams, first).mark
        tell(streams, "new", about="1")
    reader = pushed_to(streams, stack, wire, last=last)
    task = await waiting(reader)
    tell(streams, "counts")

    assert wire.written == []
    assert await task
    assert told(reader.take()) == ["new", "counts"]


Waiting = tuple[Follower, Wire, asyncio.Task[bool]]


async def a_crowd(
    streams: Streams, stack: ExitStack, monkeypatch: pytest.MonkeyPatch
) -> list[Waiting]:
    """Five who wait, of whom two are told at once."""
    monkeypatch.setattr(module, "AT_ONCE", 2)
    found = []
    for _ in range(5):
        wire = Wire()
        reader = pushed_to(streams, stack, wire)
        found.append((reader, wire, await waiting(reader)))
    return found


async def heard_by(one: Waiting, *, last: str) -> list[str]:
    """What was written past the task and what the task takes, once the last event was told."""
    reader, wire, task = one
    while not task.done() and told(b"".join(wire.written))[-1:] != [last]:
        await asyncio.sleep(0)
    task.cancel()
    return told(b"".join(wire.written) + reader.take())


async def test_a_crowd_lets_others_have_their_turn(
    streams: Streams, stack: ExitStack, monkeypatch: pytest.MonkeyPatch
) -> None:
    crowd = await a_crowd(streams, stack, monkeypatch)
    tell(streams, "new", about="1")
    assert sum(len(wire.written) for _, wire, _ in crowd) == 2
    tell(streams, "counts")
    assert [await heard_by(one, last="counts") for one in crowd] == 5 * [["new", "counts"]]


async def test_who_has_taken_it_meanwhile_is_not_told_again(
    streams: Streams, stack: ExitStack, monkeypatch: pytest.MonkeyPatch
) -> None:
    crowd = await a_crowd(streams, stack, monkeypatch)
    tell(streams, "new", about="1")
    taken = [told(reader.take()) for reader, *_ in crowd]
    assert sorted(taken) == [[], [], ["new"], ["new"], ["new"]]
    tell(streams, "counts")
    heard = [await heard_by(one, last="counts") for one in crowd]
    assert sorted(heard) == 3 * [["counts"]] + 2 * [["new", "counts"]]


async def test_of_a_crowd_nobody_is_told_what_was_so(
    streams: Streams, stack: ExitStack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A comment that is removed while the news of it is on its way."""
    crowd = await a_crowd(streams, stack, monkeypatch)
    tell(streams, "new", about="1")
    tell(streams, "removed", about="1")
    heard = [await heard_by(one, last="removed") for one in crowd]
    assert sorted(heard) == 2 * [["new", "removed"]] + 3 * [["removed"]]


async def test_of_a_crowd_nobody_is_told_who_has_left(
    streams: Streams, stack: ExitStack, monkeypatch: pytest.MonkeyPatch
) -> None:
    with ExitStack() as leaving:
        gone = await a_crowd(streams, leaving, monkeypatch)
        tell(streams, "new", about="1")
    last = await a_crowd(streams, stack, monkeypatch)
    tell(streams, "counts")
    assert [await heard_by(one, last="counts") for one in last] == 5 * [["counts"]]
    assert sum(len(wire.written) for _, wire, _ in gone) == 2
    for *_, task in gone:
        task.cancel()


@given(moves=st.lists(st.sampled_from(["tell", "wait", "take", "full", "free"]), max_size=60))
async def test_however_it_comes_each_event_comes_once(moves: list[str]) -> None:
    streams, wire = Streams(), Wire()
    with streams.following(PLACE, address="here", push=wire.push) as reader:
        task, number = None, 0
        for move in [*moves, "free", "take"]:
            if move == "tell":
                number += 1
                tell(streams, "new", data={"n": number})
            elif move == "wait" and task is None:
                task = await waiting(reader)
            elif move == "take":
                await _ended(task)
                task = None
                wire.written.append(reader.take())
            else:
                wire.is_full = move == "full"
        got = [int(n) for n in re.findall(rb'"n":(\d+)', b"".join(wire.written))]
    assert got == list(range(1, number + 1))


async def _ended(task: asyncio.Task[bool] | None) -> None:
    if task is not None:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
