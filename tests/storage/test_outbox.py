"""A message is neither lost nor handled by two at once, whatever happens to whoever took it."""

import asyncio
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
import sqlalchemy as sa

from gentie.storage import outbox
from gentie.storage.db import Database
from gentie.storage.outbox import LEASE, TRIES, Message, wait_after

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


async def send(db: Database, *texts: str, due: datetime = NOON) -> None:
    for text in texts:
        await db.act(partial(outbox.send_on_commit, topic="note", body={"text": text}, due=due))


async def take(db: Database, *, now: datetime = NOON, most: int = 50) -> list[Message]:
    return await db.act(partial(outbox.take, now=now, most=most))


def texts_of(messages: list[Message]) -> list[str]:
    return [message.body["text"] for message in messages]


async def test_a_message_of_an_act_that_failed_was_never_sent(db: Database) -> None:
    def fail(tx: sa.Connection) -> None:
        outbox.send_on_commit(tx, "note", {"text": "a"}, due=NOON)
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        await db.act(fail)

    assert await take(db) == []


async def test_the_oldest_due_come_first_and_the_others_wait(db: Database) -> None:
    await send(db, "late", due=NOON + SECOND)
    await send(db, "b", "c")
    await send(db, "a", due=NOON - SECOND)

    assert texts_of(await take(db, most=2)) == ["a", "b"]
    assert texts_of(await take(db)) == ["c"]
    assert texts_of(await take(db, now=NOON + SECOND)) == ["late"]


async def test_what_is_taken_is_hidden_until_its_lease_ends(db: Database) -> None:
    await send(db, "a")
    (first,) = await take(db)

    assert await take(db, now=NOON + LEASE - SECOND) == []
    (again,) = await take(db, now=NOON + LEASE)
    assert (again.id, again.attempt) == (first.id, 2)


async def test_of_many_takers_each_gets_other_messages(db: Database) -> None:
    await send(db, *map(str, range(40)))

    taken = await asyncio.gather(*(take(db, most=5) for _ in range(8)))
    while rest := await take(db):
        taken.append(rest)

    assert sorted(texts_of([m for one in taken for m in one]), key=int) == [*map(str, range(40))]


async def test_handled_messages_are_gone(db: Database) -> None:
    await send(db, "a", "b")
    a, _ = await take(db)

    await db.act(partial(outbox.done, handled=[a]))
    await db.act(partial(outbox.done, handled=[]))

    assert texts_of(await take(db, now=NOON + LEASE)) == ["b"]


async def test_whoever_lost_the_lease_settles_nothing(db: Database) -> None:
    await send(db, "a")
    (slow,) = await take(db)
    (fast,) = await take(db, now=NOON + LEASE)

    await db.act(partial(outbox.done, handled=[slow]))
    await db.act(partial(outbox.failed, message=slow, why="late", now=NOON + LEASE))

    assert [row.lease for row in await rows(db)] == [fast.lease]
    await db.act(partial(outbox.done, handled=[fast]))
    assert (await db.read(outbox.backlog)).waiting == 0


async def test_each_failure_makes_it_wait_longer(db: Database) -> None:
    await send(db, "a")
    now, waits = NOON, []
    for _ in range(3):
        (message,) = await take(db, now=now)
        await db.act(partial(outbox.failed, message=message, why="no", now=now))
        waits.append((await db.read(outbox.backlog)).oldest_due)
        assert await take(db, now=now) == []
        now += timedelta(minutes=1)

    minutes = [NOON + timedelta(minutes=n) for n in range(3)]
    assert waits == [m + timedelta(seconds=0.5 * 2**n) for n, m in enumerate(minutes)]


async def test_after_many_tries_it_is_laid_aside_and_can_come_back(db: Database) -> None:
    await send(db, "a", "b")
    now = NOON
    for _ in range(TRIES):
        now += timedelta(hours=2)
        for message in await take(db, now=now):
            if message.body["text"] == "a":
                await db.act(partial(outbox.failed, message=message, why="x" * 900, now=now))

    (dead,) = [row for row in await rows(db) if row.dead_at is not None]
    assert (dead.attempts, dead.dead_at, len(dead.error)) == (TRIES, now, 500)
    counts = await db.read(outbox.backlog)
    assert (counts.waiting, counts.dead) == (1, 1)
    assert "a" not in texts_of(await take(db, now=now + timedelta(days=9)))

    assert await db.act(partial(outbox.retry, message=dead.id, now=now))
    assert not await db.act(partial(outbox.retry, message=dead.id, now=now))
    (back,) = await take(db, now=now)
    assert (back.body, back.attempt) == ({"text": "a"}, 1)


async def rows(db: Database) -> list[sa.Row[tuple[object, ...]]]:
    return await db.read(lambda tx: [*tx.execute(outbox.messages.select())])


def test_nobody_waits_longer_than_an_hour() -> None:
    assert wait_after(1) == timedelta(seconds=0.5)
    assert wait_after(2) == timedelta(seconds=1)
    assert max(wait_after(n) for n in range(1, 100)) == timedelta(hours=1)


async def test_an_empty_outbox_has_an_empty_backlog(db: Database) -> None:
    found = await db.read(outbox.backlog)

    assert (found.waiting, found.dead, found.oldest_due) == (0, 0, None)


class TestWaking:
    async def test_a_commit_wakes_and_only_one_that_sent(self, db: Database) -> None:
        woken = asyncio.Event()
        count = 0

        def wake() -> None:
            nonlocal count
            count += 1
            loop.call_soon_threadsafe(woken.set)

        loop = asyncio.get_running_loop()
        db.on_sent(wake)
        await db.act(lambda tx: tx.execute(sa.select(1)).all())
        await db.read(lambda tx: tx.execute(sa.select(1)).all())
        assert count == 0

        await send(db, "a")

        await woken.wait()
        assert count == 1

    async def test_an_act_that_failed_wakes_nobody(self, db: Database) -> None:
        woken: list[str] = []
        db.on_sent(lambda: woken.append("woken"))

        def fail(tx: sa.Connection) -> None:
            outbox.send_on_commit(tx, "note", {}, due=NOON)
            raise ValueError("no")

        with pytest.raises(ValueError, match="no"):
            await db.act(fail)
        await db.act(lambda tx: tx.execute(sa.select(1)).all())

        assert woken == []

    async def test_a_sleeper_that_fails_stops_neither_the_act_nor_the_others(
        self, db: Database
    ) -> None:
        woken: list[str] = []

        def fail() -> None:
            raise RuntimeError("its loop is closed")

        db.on_sent(fail)
        db.on_sent(lambda: woken.append("woken"))

        await send(db, "a")
        await send(db, "b")

        assert db.alive
        assert woken == ["woken", "woken"]
        assert texts_of(await take(db)) == ["a", "b"]
