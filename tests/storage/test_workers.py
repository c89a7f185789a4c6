"""No two processes make ids under one number at the same time."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest

from gentie.kernel import chance
from gentie.kernel.chance import LeaseLost, new_id, use_worker
from gentie.main.numbers import WorkerNumber
from gentie.storage import workers
from gentie.storage.db import Database
from gentie.storage.workers import TERM, NoWorkerFree

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def take(holder: str, *, now: datetime = NOON) -> partial[tuple[int, datetime]]:
    return partial(workers.take, holder=holder, now=now)


@pytest.fixture(autouse=True)
def the_own_number(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """What a test does to the number of this process ends with it."""
    monkeypatch.setattr(chance, "_worker", chance._worker)  # noqa: SLF001 put back afterwards
    monkeypatch.setattr(chance, "_good_until", None)
    return iter(())


async def test_processes_that_start_together_get_other_numbers(db: Database) -> None:
    taken = await asyncio.gather(*(db.act(take(f"process {n}")) for n in range(20)))

    assert sorted(number for number, _ in taken) == [*range(20)]
    assert {until for _, until in taken} == {NOON + TERM}


async def test_a_number_comes_free_only_when_its_lease_has_ended(db: Database) -> None:
    await db.act(take("a"))

    assert (await db.act(take("b", now=NOON + TERM - timedelta(seconds=1))))[0] == 1
    assert (await db.act(take("c", now=NOON + TERM)))[0] == 0


async def test_only_its_holder_prolongs_it_and_only_in_time(db: Database) -> None:
    await db.act(take("a"))
    soon, late = NOON + timedelta(seconds=30), NOON + 3 * TERM

    def renew(holder: str, now: datetime) -> partial[datetime | None]:
        return partial(workers.renew, worker=0, holder=holder, now=now)

    assert await db.act(renew("b", soon)) is None
    assert await db.act(renew("a", soon)) == soon + TERM
    assert await db.act(renew("a", late)) is None


async def test_there_is_an_end(sqlite_db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "WORKERS", 2)
    await sqlite_db.act(take("a"))
    await sqlite_db.act(take("b"))

    with pytest.raises(NoWorkerFree):
        await sqlite_db.act(take("c"))


async def test_a_process_that_lost_its_number_takes_another(db: Database) -> None:
    now = NOON
    slow, fast = (WorkerNumber(db, holder=name, clock=lambda: now) for name in ("slow", "fast"))
    await slow.hold()
    await slow.hold()
    now += 2 * TERM
    lost = not slow.is_held
    await fast.hold()
    await slow.hold()

    assert (lost, slow.is_held, fast.is_held) == (True, True, True)
    held = await db.read(lambda tx: [*tx.execute(workers.leases.select().order_by("worker"))])
    assert [(row.worker, row.holder) for row in held] == [(0, "fast"), (1, "slow")]


class TestIds:
    def test_without_a_lease_there_are_none(self, monkeypatch: pytest.MonkeyPatch) -> None:
        use_worker(7, NOON)
        monkeypatch.setattr(chance, "utc_now", lambda: NOON)
        new_id()
        monkeypatch.setattr(chance, "utc_now", lambda: NOON + timedelta(milliseconds=1))

        with pytest.raises(LeaseLost):
            new_id()

    def test_say_the_number_however_many_are_made_at_once(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """5,000 ids in one millisecond once ran over into the numbers of other processes."""
        monkeypatch.setattr(chance, "utc_now", lambda: NOON)
        use_worker(7, NOON)

        made = [int(new_id()) for _ in range(10_000)]

        assert {(one >> 12) & 1023 for one in made} == {7}
        assert made == sorted(set(made))

    def test_grow_under_a_smaller_number_and_under_a_clock_set_back(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        made = []
        for worker, now in ((9, NOON), (3, NOON), (3, NOON - timedelta(hours=1)), (5, NOON)):
            monkeypatch.setattr(chance, "utc_now", lambda now=now: now)
            use_worker(worker, NOON + TERM)
            made += [int(new_id()) for _ in range(3)]

        assert made == sorted(set(made))
        assert [(one >> 12) & 1023 for one in made] == [9] * 3 + [3] * 6 + [5] * 3
