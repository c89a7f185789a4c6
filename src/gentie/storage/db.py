"""Where acts happen: one act is one transaction, and it is durable before anybody hears of it.

An act is an ordinary synchronous function on an open transaction. Doors hand it over:
`await db.act(partial(submit_comment, ...))`. On SQLite one writer thread runs the acts that
wait together, each in its own savepoint, under one commit; on PostgreSQL each act gets a
connection of a pool. Reads that need no lock go through `read` and never wait for writers.
"""

import asyncio
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TypeVar

import sqlalchemy as sa

from gentie.storage import postgres, sqlite
from gentie.storage.running import Engine, Waiting, sendable

T = TypeVar("T")

READERS = 2
"""Threads that read. More only fight for the interpreter lock."""


class Database:
    """An open database, SQLite or PostgreSQL by URL. `close` lets handed-over acts finish."""

    def __init__(self, url: str) -> None:
        kind = sa.make_url(url).get_backend_name()
        self.engine: Engine = sqlite.Engine(url) if kind == "sqlite" else postgres.Engine(url)
        self._readers = ThreadPoolExecutor(READERS, thread_name_prefix="reader")
        self._closed = False

    @property
    def alive(self) -> bool:
        """Whether acts are still being carried out; readiness depends on it."""
        return not self._closed and self.engine.alive

    async def act(
        self,
        body: Callable[[sa.Connection], T],
        *,
        after: Callable[[sa.Connection], object] | None = None,
    ) -> T:
        """Run `body` in a transaction and return once it is on disk.

        `after` is another act, carried out before it in the same hand-over: what it did stays
        when `body` raises, and when it raises itself, `body` is not run.

        Whatever `body` raises is raised here, and then nothing of it was written. Giving up
        waiting does not take an act back: it may be written all the same. `body` never
        commits or rolls back itself; others share its transaction. On PostgreSQL it may run
        again after a deadlock, so it has no effects but those in the transaction.
        """
        self._require_open()
        answer: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self.engine.submit(Waiting(body, answer, after))
        return await answer

    async def read(self, body: Callable[[sa.Connection], T]) -> T:
        """Run `body` on a consistent snapshot; it cannot write, and waits for no writer."""
        self._require_open()
        return await asyncio.get_running_loop().run_in_executor(self._readers, self._read, body)

    @contextmanager
    def watching(self) -> Iterator[sa.Connection]:
        """For one thread that looks again and again: each statement sees what is there by then.

        Only for reading: nothing is begun or committed, so a look costs half of a `read`.
        """
        self._require_open()
        with self.engine.watcher() as connection:
            yield connection

    def on_sent(self, wake: Callable[[], None]) -> None:
        """Call `wake` (from another thread) after each commit that put a message in the outbox."""
        self.engine.listeners.append(wake)

    async def close(self) -> None:
        self._closed = True
        await asyncio.to_thread(self.engine.close)
        await asyncio.to_thread(self._readers.shutdown)
        self.engine.dispose()

    def _require_open(self) -> None:
        if self._closed:
            raise RuntimeError("the database is closed")

    def _read(self, body: Callable[[sa.Connection], T]) -> T:
        with self.engine.reader() as connection:
            try:
                return body(connection)
            except StopIteration as error:
                raise sendable(error) from error
