"""Hints are heard once each, late ones too, and whatever may have been missed is said."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import partial
from unittest.mock import Mock

import msgspec
import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from gentie.jobs import hearing
from gentie.jobs.hearing import OVERLAP, TOGETHER, Hearing, Seen
from gentie.jobs.pages import by_message as by_message_of
from gentie.storage import hints
from gentie.storage.db import Database
from gentie.storage.outbox import Message
from tests.newsroom import NOON

IT = {"what": "it"}


class Heard:
    def __init__(self, db: Database) -> None:
        self.said: list[str] = []
        self.more, self.asked, self.may_hear = asyncio.Event(), asyncio.Event(), asyncio.Event()
        self.may_hear.set()
        self.lost = 0
        self.now = NOON
        self._db = db
        self.hearing = Hearing(
            db,
            {"some": self.hear, "impossible": self.fail},
            lost=self._lose,
            holder="here",
            clock=lambda: self.now,
            concerns=lambda those: those.about.get("whom") != "nobody",
        )

    async def look(self, *, back: bool) -> int:
        """As the thread does, and then the loop. Returns how many were new."""
        with self._db.watching() as tx:
            new = self.hearing.new(tx, back=back)
        await self.hearing.hear(new)
        return sum(len(those.ids) for those in new)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        running = asyncio.create_task(self.hearing.run())
        try:
            yield
        finally:
            self.may_hear.set()
            self.hearing.stop()
            await running

    async def hear(self, about: Mapping[str, str], items: Sequence[str]) -> None:
        assert about["what"] == "it"
        self.asked.set()
        await self.may_hear.wait()
        self.said += items
        self.more.set()

    async def fail(self, about: Mapping[str, str], items: Sequence[str]) -> None:
        raise OSError("cannot be done")

    async def until_said(self, number: int) -> None:
        await self._until(lambda: len(self.said) >= number)

    async def until_lost(self) -> None:
        await self._until(lambda: self.lost > 0)

    async def _until(self, is_so: Callable[[], bool]) -> None:
        while not is_so():
            self.more.clear()
            await self.more.wait()

    def _lose(self) -> None:
        self.lost += 1
        self.more.set()


class Naps:
    """Stands for `time`: says when a thread has slept."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._naps, self._more = 0, asyncio.Event()

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds)
        self._naps += 1
        self._loop.call_soon_threadsafe(self._more.set)

    async def until_more(self, number: int) -> None:
        wanted = self._naps + number
        while self._naps < wanted:
            self._more.clear()
            await self._more.wait()


def listening(tx: sa.Connection) -> bool:
    return bool(tx.scalar(sa.select(sa.func.count()).select_from(hints.listeners)))


async def tell(db: Database, n: int, *, topic: str = "some") -> None:
    await db.act(partial(hints.tell, topic=topic, about=IT, item=str(n), now=NOON))


async def test_each_is_heard_once(db: Database) -> None:
    heard = Heard(db)
    await tell(db, 0)
    await heard.hearing.begin()
    await tell(db, 1)
    await tell(db, 2, topic="another")
    await tell(db, 3)

    assert await heard.look(back=False) == 3
    assert await heard.look(back=True) == 0
    assert heard.said == ["1", "3"]


async def test_what_was_done_by_message_is_not_done_by_hint(db: Database) -> None:
    """And the other way round: whichever comes first, it is done once."""
    heard = Heard(db)
    await heard.hearing.begin()
    by_hint, by_message = [await db.act(partial(told, n=n)) for n in (1, 2)]
    handlers = by_message_of({"some": heard.hear}, heard.hearing)
    message = Message(
        id="7", topic="some", body={**IT, "item": "2", "hint": by_message}, attempt=1, lease=""
    )
    await handlers["some"](message)
    assert await heard.look(back=False) == 1
    assert heard.said == ["2", "1"]

    again = msgspec.structs.replace(message, body={**IT, "item": "1", "hint": by_hint})
    await handlers["some"](again)
    await handlers["some"](msgspec.structs.replace(message, body={**IT, "item": "3"}))
    assert heard.said == ["2", "1", "3"]


def told(tx: sa.Connection, n: int) -> str:
    return hints.tell(tx, "some", IT, str(n), now=NOON)


async def test_what_was_committed_late_is_found(db: Database) -> None:
    heard = Heard(db)
    await heard.hearing.begin()
    await tell(db, 1)
    await heard.look(back=False)

    def late(tx: sa.Connection) -> None:
        """Its id was made before that of the hint which is known."""
        last = int(hints.last(tx))
        row = {"id": str(last - OVERLAP // 2), "topic": "some", "item": "0", "at": NOON}
        tx.execute(hints.hints.insert(), {**row, "about": b'{"what":"it"}'})

    await db.act(late)
    assert await heard.look(back=False) == 0
    assert await heard.look(back=True) == 1
    assert await heard.look(back=True) == 0
    assert heard.said == ["1", "0"]


async def test_whoever_was_away_says_so(db: Database) -> None:
    heard = Heard(db)
    await heard.hearing.begin()
    heard.now = NOON + hints.TERM + timedelta(seconds=1)
    was_hearing = heard.hearing.is_hearing
    await heard.hearing.renew()
    assert (was_hearing, heard.lost, heard.hearing.is_hearing) == (False, 1, True)


async def test_it_hears_until_it_is_stopped(db: Database) -> None:
    heard = Heard(db)
    await heard.hearing.begin()
    async with heard.running():
        await tell(db, 1)
        await heard.until_said(1)
        await tell(db, 2)
        await heard.until_said(2)
    assert (heard.said, heard.lost) == (["1", "2"], 0)
    assert not await db.read(listening)


async def test_a_look_that_fails_is_taken_for_lost_and_made_again(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard = Heard(db)
    await heard.hearing.begin()
    after = hints.after

    def fail(tx: sa.Connection, last: str) -> list[hints.Hints]:
        monkeypatch.setattr(hints, "after", after)
        raise OSError("the disk is gone")

    monkeypatch.setattr(hints, "after", fail)
    async with heard.running():
        await heard.until_lost()
        await tell(db, 1)
        await heard.until_said(1)
    assert (heard.said, heard.lost) == (["1"], 1)


@pytest.mark.parametrize("kind_of_engine", ["postgresql"])
async def test_a_connection_that_is_ended_is_taken_for_lost_and_another_hears_on(
    db: Database,
) -> None:
    heard = Heard(db)
    await heard.hearing.begin()
    async with heard.running():
        await tell(db, 1)
        await heard.until_said(1)
        await db.act(end_other_connections)
        await heard.until_lost()
        await tell(db, 2)
        await heard.until_said(2)
    assert (heard.said, heard.lost) == (["1", "2"], 1)


_END_OTHERS = sa.text(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
)


def end_other_connections(tx: sa.Connection) -> None:
    tx.execute(_END_OTHERS)


async def test_what_one_who_hears_cannot_do_is_taken_for_lost(db: Database) -> None:
    heard = Heard(db)
    await heard.hearing.begin()
    await tell(db, 0, topic="impossible")
    async with heard.running():
        await heard.until_lost()
        await tell(db, 1)
        await heard.until_said(1)
    assert (heard.said, heard.lost) == (["1"], 1)


async def test_what_there_is_no_time_for_waits_in_the_database(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard, naps, after = Heard(db), Naps(), Mock(wraps=hints.after)
    monkeypatch.setattr(hearing, "time", naps)
    monkeypatch.setattr(hints, "after", after)
    await heard.hearing.begin()
    heard.may_hear.clear()
    async with heard.running():
        await tell(db, 0)
        await heard.asked.wait()
        for n in (1, 2):
            await tell(db, n)
            await naps.until_more(2)
        looks = after.call_count
        await naps.until_more(2)
        assert after.call_count == looks

        heard.may_hear.set()
        await heard.until_said(3)
    assert heard.said == ["0", "1", "2"]


async def test_what_concerns_nobody_here_wakes_nobody_and_counts_as_heard(db: Database) -> None:
    heard = Heard(db)
    await heard.hearing.begin()
    nobody = {**IT, "whom": "nobody"}
    hint = await db.act(partial(hints.tell, topic="some", about=nobody, item="1", now=NOON))
    await tell(db, 2)

    assert await heard.look(back=False) == 1
    assert await heard.look(back=True) == 0
    assert heard.said == ["2"]
    assert heard.hearing.has_heard(hint)


async def test_a_flood_is_heard_whole(db: Database) -> None:
    """And what its words are made of does not matter."""
    heard = Heard(db)
    await heard.hearing.begin()
    flood = [f'{n} "]}},[\\ 跟帖' for n in range(2 * TOGETHER + 1)]

    def tell_all(tx: sa.Connection) -> None:
        for n in flood:
            hints.tell(tx, "some", {**IT, "which": '"]}},[\\ \n'}, n, now=NOON)
            hints.tell(tx, "some", IT, n, now=NOON)

    await db.act(tell_all)
    assert await heard.look(back=True) == 2 * len(flood)
    assert sorted(heard.said) == sorted(2 * flood)


async def test_of_those_about_one_thing_only_the_new_ones_are_heard(db: Database) -> None:
    heard = Heard(db)
    await heard.hearing.begin()
    ids = [await db.act(partial(told, n=n)) for n in range(4)]
    heard.hearing.note(ids[2])
    assert await heard.look(back=False) == 3
    assert sorted(heard.said) == ["0", "1", "3"]


@given(st.lists(st.lists(st.integers(0, 50), min_size=1)), st.integers(-1, 51), st.integers(-1, 51))
def test_seen_knows_what_a_set_knows(many: list[list[int]], since: int, until: int) -> None:
    seen, known = Seen(), set[int]()
    for some in many:
        assert seen.add(some) == set(some) - known
        known.update(some)
    assert seen.within(since, until) == sorted(one for one in known if since < one <= until)
    seen.forget(since)
    assert {one for one in range(52) if one in seen} == {one for one in known if one > since}
