import asyncio
from datetime import timedelta

import structlog
from prometheus_client import CollectorRegistry

from gentie.jobs.meters import Meters
from gentie.jobs.recurring import Recurring, Task


async def test_one_failure_stops_neither_the_task_nor_its_neighbours() -> None:
    registry = CollectorRegistry()
    ran: list[str] = []

    async def fail_first() -> None:
        ran.append("bad")
        if ran.count("bad") == 1:
            raise ValueError

    async def go_well() -> None:
        ran.append("good")

    soon = timedelta(milliseconds=1)
    tasks = [
        Task(name="bad", every=soon, run=fail_first),
        Task(name="good", every=soon, run=go_well),
    ]
    recurring = Recurring(tasks, meters=Meters(registry))

    with structlog.testing.capture_logs() as lines:
        running = asyncio.create_task(recurring.run())
        while ran.count("bad") < 3 or ran.count("good") < 3:
            await asyncio.sleep(0.001)
        recurring.stop()
        await running

    assert [line["task"] for line in lines] == ["bad"]
    assert (
        registry.get_sample_value("gentie_task_runs_total", {"task": "bad", "outcome": "failed"})
        == 1
    )


async def test_stopping_ends_a_long_pause() -> None:
    once = asyncio.Event()

    async def run() -> None:
        once.set()

    recurring = Recurring(
        [Task(name="rare", every=timedelta(days=1), run=run)], meters=Meters(CollectorRegistry())
    )
    running = asyncio.create_task(recurring.run())
    await once.wait()

    recurring.stop()
    await running
