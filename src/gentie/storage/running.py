"""What both engines share: an act that waits, and how its outcome reaches the one who asked."""

import asyncio
from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from typing import Any, Protocol

import sqlalchemy as sa

Body = Callable[[sa.Connection], Any]

SENT = "gentie_sent"
"""Key in `Connection.info`, set by `outbox.send_on_commit`."""


@dataclass(frozen=True)
class Waiting:
    body: Body
    answer: asyncio.Future[Any]
    after: Body | None = None
    """An act of its own that comes first: it stays when `body` fails, and if it fails, no more."""

    def tell(self, result: object, error: Exception | None) -> None:
        """Settle the future from whatever thread; nobody may be listening any more."""
        with suppress(RuntimeError):  # its loop is closed
            self.answer.get_loop().call_soon_threadsafe(self._settle, result, error)

    def _settle(self, result: object, error: Exception | None) -> None:
        if self.answer.done():
            return
        if error is None:
            self.answer.set_result(result)
        else:
            self.answer.set_exception(error)


class Engine(Protocol):
    """One kind of database. `listeners` are called after a commit that sent messages."""

    listeners: list[Callable[[], None]]
    sql: sa.Engine

    @property
    def alive(self) -> bool: ...
    def submit(self, waiting: Waiting) -> None: ...
    def reader(self) -> AbstractContextManager[sa.Connection]: ...
    def watcher(self) -> AbstractContextManager[sa.Connection]: ...
    def close(self) -> None: ...
    def dispose(self) -> None: ...


def sendable(error: BaseException) -> Exception:
    """Wrap what a future cannot carry, or what would end more than the act that raised it."""
    if isinstance(error, StopIteration) or not isinstance(error, Exception):
        return RuntimeError(f"the act was stopped by {error!r}")
    return error


def wake_all(listeners: list[Callable[[], None]]) -> None:
    """After a commit. A listener that fails ends neither the writer nor the act that woke it."""
    for wake in listeners:
        with suppress(Exception):
            wake()
