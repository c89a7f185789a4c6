"""Take due messages and hand each to the handler of its topic.

Woken by commits of this process that sent something; looks every half second besides, for what
other processes sent and for what has come due.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from functools import partial
from typing import Final

import structlog

from gentie.jobs.meters import Meters
from gentie.kernel.clock import Clock
from gentie.storage import outbox
from gentie.storage.db import Database
from gentie.storage.outbox import Message

Handler = Callable[[Message], Awaitable[None]]
"""Carries a message out. May be called again with the same one. Raises: it is tried again."""

POLL: Final = 0.5
"""Seconds between looks when nothing wakes the runner."""
AT_ONCE: Final = 32
"""Handlers that run at the same time."""
GATHER: Final = 0.01
"""Seconds between waking and looking: under load, one look finds what many commits sent."""
LONGEST: Final = outbox.LEASE.total_seconds() * 0.8
"""Seconds for one handler. Less than the lease: it must have stopped before another begins."""

log = structlog.get_logger()


class NoHandler(LookupError):
    """A message of a topic that nobody handles: kept, and seen among the dead."""


class Runner:
    """Handles messages until stopped. One for a process."""

    def __init__(
        self, db: Database, handlers: Mapping[str, Handler], *, clock: Clock, meters: Meters
    ) -> None:
        self._db, self._handlers, self._clock, self._meters = db, handlers, clock, meters
        self._running: set[asyncio.Task[None]] = set()
        self._handled: list[Message] = []
        """Done, and not forgotten yet: that goes with the next look."""
        self._woken = asyncio.Event()
        self._stopping = False
        self._loop = asyncio.get_running_loop()
        db.on_sent(self._wake)

    async def run(self) -> None:
        """Return after `stop`, when the messages in hand are done."""
        while not self._stopping:
            self._woken.clear()
            if not await self._take():
                await self._wait()
        if self._running:
            await asyncio.wait(self._running)
        await self._look(most=0)

    def stop(self) -> None:
        """Take no more messages. From the loop's own thread."""
        self._stopping = True
        self._woken.set()

    def _wake(self) -> None:
        """From the thread that committed."""
        with suppress(RuntimeError):  # the loop is closed
            self._loop.call_soon_threadsafe(self._woken.set)

    async def _wait(self) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(POLL):
                await self._woken.wait()
                await asyncio.sleep(GATHER)

    async def _take(self) -> bool:
        """Start what is due and fits. False: nothing was taken, so wait."""
        free = AT_ONCE - len(self._running)
        taken = await self._look(most=free) if free or self._handled else []
        for message in taken:
            task = asyncio.create_task(self._carry_out(message))
            self._running.add(task)
            task.add_done_callback(self._finished)
        return bool(taken)

    async def _look(self, *, most: int) -> list[Message]:
        """Forget what was handled and take up to `most` more, in one act."""
        handled, self._handled = self._handled, []
        try:
            return await self._db.act(
                partial(outbox.exchange, handled=handled, now=self._clock(), most=most)
            )
        except Exception:
            self._handled += handled
            log.exception("messages.not_taken")
            return []

    def _finished(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        self._woken.set()

    async def _carry_out(self, message: Message) -> None:
        try:
            with self._meters.seconds.labels(message.topic).time():
                await self._handle(message)
        except Exception as error:
            log.exception("message.failed", topic=message.topic, attempt=message.attempt)
            await self._settle(message, partial(self._failed, message, error))
        else:
            self._meters.messages.labels(message.topic, "done").inc()
            self._handled.append(message)

    async def _handle(self, message: Message) -> None:
        handler = self._handlers.get(message.topic)
        if handler is None:
            raise NoHandler(message.topic)
        async with asyncio.timeout(LONGEST):
            await handler(message)

    async def _failed(self, message: Message, error: Exception) -> None:
        # The class only: what an error says may hold what a person wrote.
        why = type(error).__name__
        await self._db.act(partial(outbox.failed, message=message, why=why, now=self._clock()))

    async def _settle(self, message: Message, write: Callable[[], Awaitable[None]]) -> None:
        """Write that it failed. Where even that fails, the lease ends and it is tried again."""
        self._meters.messages.labels(message.topic, "failed").inc()
        try:
            await write()
        except Exception:
            log.exception("message.not_settled", topic=message.topic)
