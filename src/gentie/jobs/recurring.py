"""Tasks that come again and again, each guarded: one failure is logged and tried once more."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from datetime import timedelta

import msgspec
import structlog

from gentie.jobs.meters import Meters

log = structlog.get_logger()


class Task(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    every: timedelta
    """From the end of one run to the start of the next."""
    run: Callable[[], Awaitable[object]]
    """Idempotent: several processes may run it at once."""


class Recurring:
    """Repeats tasks until stopped."""

    def __init__(self, tasks: Sequence[Task], *, meters: Meters) -> None:
        self._tasks, self._meters = tasks, meters
        self._stopping = asyncio.Event()

    async def run(self) -> None:
        """Return after `stop`, when the runs under way have ended."""
        await asyncio.gather(*(self._repeat(task) for task in self._tasks))

    def stop(self) -> None:
        self._stopping.set()

    async def _repeat(self, task: Task) -> None:
        while not self._stopping.is_set():
            await self._once(task)
            with suppress(TimeoutError):
                async with asyncio.timeout(task.every.total_seconds()):
                    await self._stopping.wait()

    async def _once(self, task: Task) -> None:
        try:
            await task.run()
        except Exception:
            log.exception("task.failed", task=task.name)
            outcome = "failed"
        else:
            outcome = "done"
        self._meters.tasks.labels(task.name, outcome).inc()
