"""PostgreSQL: each act on a pooled connection, READ COMMITTED.

Two acts do run at once here, so every read that a decision rests on locks its row or is checked
again by version. A deadlock is nobody's fault: the act is run again.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import sqlalchemy as sa

from gentie.storage.running import SENT, Body, Waiting, sendable, wake_all

WRITERS = 8
TRIES = 5
_AGAIN = frozenset({"40001", "40P01"})
"""SQLSTATE of a serialization failure and of a deadlock."""


class Engine:
    def __init__(self, url: str) -> None:
        self.listeners: list[Callable[[], None]] = []
        psycopg = sa.make_url(url).set(drivername="postgresql+psycopg")
        self.sql = sa.create_engine(
            psycopg,
            pool_size=WRITERS + 4,
            max_overflow=4,
            # Else an INSERT that met a conflict counts -1 rows here, not 0 as on SQLite.
            execution_options={"preserve_rowcount": True},
        )
        self._reads = self.sql.execution_options(
            isolation_level="REPEATABLE READ", postgresql_readonly=True
        )
        self._watched = self.sql.execution_options(isolation_level="AUTOCOMMIT")
        with self.sql.connect():  # here, so that a database that cannot be opened says so
            pass
        self._pool = ThreadPoolExecutor(WRITERS, thread_name_prefix="writer")
        self._open = True

    @property
    def alive(self) -> bool:
        return self._open

    def submit(self, waiting: Waiting) -> None:
        self._pool.submit(self._carry_out, waiting)

    @contextmanager
    def reader(self) -> Iterator[sa.Connection]:
        with self._reads.connect() as connection:
            yield connection

    @contextmanager
    def watcher(self) -> Iterator[sa.Connection]:
        with self._watched.connect() as connection:
            yield connection

    def close(self) -> None:
        self._pool.shutdown()
        self._open = False

    def dispose(self) -> None:
        self.sql.dispose()

    def _carry_out(self, one: Waiting) -> None:
        try:
            if one.after is not None:
                self._run(one.after)
            result = self._run(one.body)
        except BaseException as stopped:  # noqa: BLE001 it belongs to the one who asked
            one.tell(None, sendable(stopped))
            return
        one.tell(result, None)

    def _run(self, body: Body) -> object:
        for tries_left in reversed(range(TRIES)):
            try:
                result, sent = self._once(body)
            except sa.exc.OperationalError as error:
                if tries_left == 0 or getattr(error.orig, "sqlstate", None) not in _AGAIN:
                    raise
            else:
                if sent:
                    wake_all(self.listeners)
                return result
        raise AssertionError("the last try returns or raises")

    def _once(self, body: Body) -> tuple[object, bool]:
        with self.sql.connect() as connection:
            connection.info.pop(SENT, None)
            with connection.begin() as transaction:
                result = body(connection)
                if not transaction.is_active:
                    raise RuntimeError(
                        "the transaction was ended from inside: nothing of it is acknowledged"
                    )
            return result, connection.info.pop(SENT, False)
