"""Every message is carried out at least once, whatever a handler or a process does."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
import sqlalchemy as sa
import structlog
from prometheus_client import CollectorRegistry

from gentie.jobs import runner as jobs
from gentie.jobs.meters import Meters
from gentie.jobs.runner import Handler, Runner
from gentie.storage import outbox
from gentie.storage.db import Database
from gentie.storage.outbox import Message

COUNT = "gentie_messages_total"
NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


class Handled:
    """A handler that remembers, and waits or fails as told."""

    def __init__(self, *, fails: int = 0) -> None:
        self.bodies: list[dict[str, str]] = []
        self.free = asyncio.Event()
        self.free.set()
        self.at_once = self.most_at_once = 0
        self._fails = fails

    async def __call__(self, message: Message) -> None:
        self.at_once += 1
        self.most_at_once = max(self.at_once, self.most_at_once)
        await self.free.wait()
        self.at_once -= 1
        self.bodies.append(message.body)
        if len(self.bodies) <= self._fails:
            raise ValueError("the text of a person")


@pytest.fixture
def registry() -> CollectorRegistry:
    return CollectorRegistry()


@pytest.fixture
def meters(registry: CollectorRegistry) -> Meters:
    return Meters(registry)


@asynccontextmanager
async def running(
    db: Database,
    handlers: Mapping[str, Handler],
    meters: Meters,
    clock: Callable[[], datetime] = lambda: NOON,
) -> AsyncIterator[Runner]:
    runner = Runner(db, handlers, clock=clock, meters=meters)
    task = asyncio.create_task(runner.run())
    yield runner
    runner.stop()
    await task


async def send(db: Database, *texts: str, topic: str = "note", due: datetime = NOON) -> None:
    for text in texts:
        await db.act(partial(outbox.send_on_commit, topic=topic, body={"text": text}, due=due))


async def until(db: Database, happened: Callable[[outbox.Backlog], bool]) -> outbox.Backlog:
    while not happened(found := await db.read(outbox.backlog)):
        await asyncio.sleep(0.005)
    return found


def in_hand(tx: sa.Connection) -> bool:
    lease = sa.select(outbox.messages.c.lease)
    return tx.scalar(lease) is not None


async def test_hands_every_message_to_its_topic(db: Database, meters: Meters) -> None:
    notes, letters = Handled(), Handled()
    await send(db, "a", "b")

    async with running(db, {"note": notes, "letter": letters}, meters):
        await send(db, "c", topic="letter")
        await until(db, lambda left: left.waiting == 0)

    assert notes.bodies == [{"text": "a"}, {"text": "b"}]
    assert letters.bodies == [{"text": "c"}]


async def test_is_woken_by_a_commit(
    db: Database, meters: Meters, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "POLL", 3600)
    notes = Handled()

    async with running(db, {"note": notes}, meters):
        await until(db, lambda left: left.waiting == 0)
        await send(db, "a")
        await until(db, lambda left: left.waiting == 0)

    assert notes.bodies == [{"text": "a"}]


async def test_finds_what_another_process_sent(
    ready_url: str, db: Database, meters: Meters, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "POLL", 0.01)
    notes, other = Handled(), Database(ready_url)

    async with running(db, {"note": notes}, meters):
        await send(other, "a")
        await until(db, lambda left: left.waiting == 0)
    await other.close()

    assert notes.bodies == [{"text": "a"}]


async def test_leaves_alone_what_is_not_due(sqlite_db: Database, meters: Meters) -> None:
    notes = Handled()
    await send(sqlite_db, "later", due=NOON + timedelta(seconds=1))
    await send(sqlite_db, "now")

    async with running(sqlite_db, {"note": notes}, meters):
        await until(sqlite_db, lambda left: left.waiting == 1)

    assert notes.bodies == [{"text": "now"}]


async def test_tries_again_later_and_keeps_no_text_of_the_error(
    db: Database, meters: Meters, registry: CollectorRegistry
) -> None:
    notes, hour = Handled(fails=2), timedelta(hours=1)
    now = NOON
    await send(db, "a")

    with structlog.testing.capture_logs() as lines:
        async with running(db, {"note": notes}, meters, clock=lambda: now):
            for tries in (1, 2):
                while len(lines) < tries or await db.read(in_hand):
                    await asyncio.sleep(0.005)
                now += hour
            await until(db, lambda left: left.waiting == 0)

    assert notes.bodies == [{"text": "a"}] * 3
    assert [line["attempt"] for line in lines] == [1, 2]
    assert registry.get_sample_value(COUNT, {"topic": "note", "outcome": "failed"}) == 2
    assert registry.get_sample_value(COUNT, {"topic": "note", "outcome": "done"}) == 1


async def test_lays_aside_what_nobody_handles(sqlite_db: Database, meters: Meters) -> None:
    now = NOON
    await send(sqlite_db, "a", topic="unheard-of")

    with structlog.testing.capture_logs():
        async with running(sqlite_db, {}, meters, clock=lambda: now):
            while not (await until(sqlite_db, lambda _: True)).dead:
                now += timedelta(hours=2)
                await asyncio.sleep(0.005)

    reason = await sqlite_db.read(
        lambda tx: tx.execute(outbox.messages.select()).one().error,
    )
    assert reason == "NoHandler"


async def test_a_hanging_handler_is_stopped_before_its_lease_ends(
    sqlite_db: Database, meters: Meters, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "LONGEST", 0.01)
    notes = Handled()
    notes.free.clear()
    await send(sqlite_db, "a")

    with structlog.testing.capture_logs() as lines:
        async with running(sqlite_db, {"note": notes}, meters):
            while not lines:
                await asyncio.sleep(0.005)

    assert lines[0]["event"] == "message.failed"


async def test_runs_a_bounded_number_at_once(sqlite_db: Database, meters: Meters) -> None:
    notes = Handled()
    notes.free.clear()
    many = 2 * jobs.AT_ONCE + 4
    await send(sqlite_db, *map(str, range(many)))

    async with running(sqlite_db, {"note": notes}, meters):
        while notes.at_once < jobs.AT_ONCE:
            await asyncio.sleep(0.005)
        notes.free.set()
        await until(sqlite_db, lambda left: left.waiting == 0)

    assert notes.most_at_once == jobs.AT_ONCE
    assert len(notes.bodies) == many


async def test_stopping_finishes_what_is_in_hand(sqlite_db: Database, meters: Meters) -> None:
    notes = Handled()
    notes.free.clear()
    await send(sqlite_db, "a")

    async with running(sqlite_db, {"note": notes}, meters) as runner:
        while not notes.at_once:
            await asyncio.sleep(0.005)
        runner.stop()
        await send(sqlite_db, "b")
        notes.free.set()

    assert notes.bodies == [{"text": "a"}]
    assert (await sqlite_db.read(outbox.backlog)).waiting == 1


async def test_a_message_whose_process_died_comes_again(db: Database, meters: Meters) -> None:
    notes = Handled()
    await send(db, "a")
    await db.act(partial(outbox.take, now=NOON))  # and then nothing more was heard of it

    async with running(db, {"note": notes}, meters, clock=lambda: NOON + outbox.LEASE):
        await until(db, lambda left: left.waiting == 0)

    assert notes.bodies == [{"text": "a"}]
