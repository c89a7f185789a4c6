"""SQLite: one writer thread, group commit, a savepoint per act, readers on their own connections.

`BEGIN IMMEDIATE` takes the write lock first: pysqlite opens no transaction for a SELECT, and two
acts that read and then write would both commit. `synchronous=FULL`: an acknowledged act survives
a power cut. Group commit makes that affordable (13 times the commits at 32 writers).
"""

import queue
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import sqlalchemy as sa

from gentie.storage.running import SENT, Body, Waiting, sendable, wake_all

GROUP = 64
"""Most acts under one commit. More delays the first of them; fewer wastes fsyncs."""

_Outcome = tuple[Waiting, object, Exception | None]
_Queue = queue.SimpleQueue[Waiting | None]


class Engine:
    def __init__(self, url: str) -> None:
        self.listeners: list[Callable[[], None]] = []
        self.sql = sa.create_engine(url)
        sa.event.listen(self.sql, "connect", _prepare_writer)
        sa.event.listen(self.sql, "begin", _begin_immediate)
        self._reads = sa.create_engine(url, pool_size=4)
        sa.event.listen(self._reads, "connect", _prepare_reader)
        self._waiting: _Queue = queue.SimpleQueue()
        connection = self.sql.connect()  # here, so that a database that cannot be opened says so
        self._writer = threading.Thread(
            target=_write, args=(connection, self._waiting, self.listeners), name="writer"
        )
        self._writer.daemon = True
        self._writer.start()

    @property
    def alive(self) -> bool:
        return self._writer.is_alive()

    def submit(self, waiting: Waiting) -> None:
        self._waiting.put(waiting)

    @contextmanager
    def reader(self) -> Iterator[sa.Connection]:
        with self._reads.connect() as connection:  # rolled back when the pool has it again
            raw: Any = connection.connection.driver_connection
            raw.execute("BEGIN")
            yield connection

    @contextmanager
    def watcher(self) -> Iterator[sa.Connection]:
        with self._reads.connect() as connection:  # nothing is begun: each statement is alone
            yield connection

    def close(self) -> None:
        self._waiting.put(None)
        self._writer.join()

    def dispose(self) -> None:
        self.sql.dispose()
        self._reads.dispose()


def _write(connection: sa.Connection, waiting: _Queue, listeners: list[Callable[[], None]]) -> None:
    """Carry out groups until told to stop. The thread of the one writer."""
    with connection:
        while group := list(_next_group(waiting)):
            outcomes = _commit(connection, group)
            if connection.info.pop(SENT, False):
                wake_all(listeners)
            for one, result, error in outcomes:
                one.tell(result, error)


def _next_group(waiting: _Queue) -> Iterator[Waiting]:
    """Wait for one, then take what else is there, up to a group. Nothing: stop."""
    first = waiting.get()
    if first is None:
        return
    yield first
    with suppress(queue.Empty):
        for _ in range(GROUP - 1):
            following = waiting.get_nowait()
            if following is None:
                waiting.put(None)
                return
            yield following


def _commit(connection: sa.Connection, group: list[Waiting]) -> list[_Outcome]:
    """Run the group under one commit; an act that fails takes only its own savepoint with it.

    SQLite itself rolls the whole transaction back when the disk is full or fails. Whoever
    had succeeded until then is told that nothing was written, never the contrary.
    """
    outcomes: list[_Outcome] = []
    try:
        raw: Any = connection.connection.driver_connection
        with connection.begin() as shared:
            for one in group:
                _require_open(raw, shared)
                outcomes.append(_carry_out(connection, raw, one))
            _require_open(raw, shared)
    except Exception as failed:  # noqa: BLE001 whatever it was, the whole group has to hear of it
        _clear(connection)
        why = _word_of_database(outcomes) or failed
        return [(one, None, why) for one in group]
    return outcomes


def _word_of_database(outcomes: list[_Outcome]) -> Exception | None:
    """What SQLite said before the transaction was gone, such as that the disk is full."""
    errors = [error for _, _, error in outcomes]
    return next((one for one in errors if isinstance(one, sa.exc.OperationalError)), None)


def _carry_out(connection: sa.Connection, raw: Any, one: Waiting) -> _Outcome:
    error = None if one.after is None else _run(connection, raw, one.after)[1]
    return (one, None, error) if error else (one, *_run(connection, raw, one.body))


def _run(
    connection: sa.Connection, raw: Any, body: Body
) -> tuple[object, None] | tuple[None, Exception]:
    # The driver's own cursor: SQLAlchemy's nested transaction costs ten times the statement.
    raw.execute("SAVEPOINT act")
    others_sent = connection.info.get(SENT, False)
    try:
        result = body(connection)
    except BaseException as stopped:  # noqa: BLE001 it belongs to the one who asked
        connection.info[SENT] = others_sent
        if raw.in_transaction:
            raw.execute("ROLLBACK TO act")
            raw.execute("RELEASE act")
        return None, sendable(stopped)
    if raw.in_transaction:
        raw.execute("RELEASE act")
    return result, None


def _require_open(raw: Any, shared: sa.RootTransaction) -> None:
    """Refuse to go on when the transaction that the group shares has been ended under it."""
    if not (raw.in_transaction and shared.is_active):
        raise RuntimeError("the transaction was ended from inside: nothing of it was written")


def _clear(connection: sa.Connection) -> None:
    """Leave nothing half done for the next group."""
    with suppress(Exception):
        raw: Any = connection.connection.driver_connection
        if raw.in_transaction:
            raw.rollback()


_WRITER = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "busy_timeout=5000",
    # A savepoint copies each page before its first change. As a file that is fifty writes for
    # one post, and pages of the database lie in the system's temporary folder.
    "temp_store=MEMORY",
)


def _prepare_writer(raw: Any, _: object) -> None:
    raw.isolation_level = None  # we begin ourselves, see below
    for pragma in _WRITER:
        raw.execute(f"PRAGMA {pragma}")


def _prepare_reader(raw: Any, _: object) -> None:
    raw.isolation_level = None
    for pragma in ("query_only=ON", "busy_timeout=5000"):
        raw.execute(f"PRAGMA {pragma}")


def _begin_immediate(connection: sa.Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")
