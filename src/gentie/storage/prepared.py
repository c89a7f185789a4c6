"""Statements of the hottest acts: compiled once, then handed to the driver without ceremony.

SQLAlchemy spends some 60 us on each execution of a statement it has built before; posting runs
fifteen. A `Prepared` keeps its SQL, the way its parameters are bound and the way its columns are
read, all taken from SQLAlchemy's own compiler and types, so both give the same rows.
"""

from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any

import sqlalchemy as sa

from gentie.storage.schema import UtcTime

_ERRORS = ("IntegrityError", "OperationalError", "DataError")
Facts = Mapping[str, Any]
_Process = Callable[[Any], Any]
_MOMENTS: dict[str, _Process] = {}
"""By dialect, how a time is bound, with the last ones remembered."""


class Prepared:
    """A Core statement for one transaction after another. Facts name all its parameters.

    Statements that differ by database are given by dialect name. Lists as parameters
    (`expanding`) are not for here.
    """

    def __init__(self, statement: sa.Executable | Mapping[str, sa.Executable]) -> None:
        self._statement = statement
        self._by_dialect: dict[str, _Compiled] = {}

    def run(self, tx: sa.Connection, facts: Facts) -> int:
        """Carry out a change. Returns how many rows it touched."""
        return int(self._execute(tx, facts)[1].rowcount)

    def many(self, tx: sa.Connection, rows: Sequence[Facts]) -> None:
        """Carry out a change with each of these, which name the same parameters."""
        if rows:
            compiled = self._compiled(tx, rows[0])
            cursor: Any = tx.connection.cursor()
            with _Translating(tx, compiled.sql):
                cursor.executemany(compiled.sql, [compiled.bind(one) for one in rows])

    def all(self, tx: sa.Connection, facts: Facts) -> list[Any]:
        """The rows, with their columns as attributes."""
        compiled, cursor = self._execute(tx, facts)
        return [compiled.row(values) for values in cursor.fetchall()]

    def first(self, tx: sa.Connection, facts: Facts) -> Any | None:
        """The first row. None: there is none."""
        compiled, cursor = self._execute(tx, facts)
        values = cursor.fetchone()
        return None if values is None else compiled.row(values)

    def scalar(self, tx: sa.Connection, facts: Facts) -> Any | None:
        """The first column of the first row. None: there is no row."""
        row = self.first(tx, facts)
        return None if row is None else row[0]

    def _execute(self, tx: sa.Connection, facts: Facts) -> "tuple[_Compiled, Any]":
        compiled = self._compiled(tx, facts)
        driver: Any = tx.connection.driver_connection
        with _Translating(tx, compiled.sql):
            return compiled, driver.execute(compiled.sql, compiled.bind(facts))

    def _compiled(self, tx: sa.Connection, facts: Facts) -> "_Compiled":
        name = tx.dialect.name
        compiled = self._by_dialect.get(name)
        if compiled is None:
            chosen = self._statement
            statement = chosen[name] if isinstance(chosen, Mapping) else chosen
            compiled = self._by_dialect[name] = _Compiled(statement, tx.dialect, facts)
        return compiled


class _Translating:
    """What goes wrong is called as SQLAlchemy calls it: a full disk has one name for all."""

    __slots__ = ("_sql", "_tx")

    def __init__(self, tx: sa.Connection, sql: str) -> None:
        self._tx, self._sql = tx, sql

    def __enter__(self) -> None: ...

    def __exit__(self, kind: object, error: BaseException | None, _: object) -> None:
        if error is None:
            return
        driver = self._tx.dialect.loaded_dbapi
        for name in _ERRORS:
            if isinstance(error, getattr(driver, name)):
                raise getattr(sa.exc, name)(self._sql, None, error) from error


class _Compiled:
    """A statement as one driver takes it."""

    def __init__(self, statement: Any, dialect: sa.Dialect, facts: Facts) -> None:
        wants_names = isinstance(statement, sa.Insert)
        keys = list(facts) if wants_names else None
        compiled: Any = statement.compile(dialect=dialect, column_keys=keys)
        self.sql = str(compiled)
        self._names: list[str] | None = compiled.positiontup
        self._defaults = dict(compiled.params)
        self._processors = _binders(compiled, dialect)
        self._row, self._readers = _reading(statement, dialect)

    def bind(self, facts: Facts) -> Any:
        values = {**self._defaults, **facts}
        for name, process in self._processors:
            values[name] = process(values[name])
        if self._names is None:
            return values
        return [values[name] for name in self._names]

    def row(self, values: Any) -> Any:
        row = list(values)
        for place, read in self._readers:
            row[place] = read(row[place])
        return self._row._make(row)


def _binders(compiled: Any, dialect: sa.Dialect) -> list[tuple[str, _Process]]:
    found = ((name, _binder(bind.type, dialect)) for name, bind in compiled.binds.items())
    return [(name, process) for name, process in found if process is not None]


def _binder(kind: Any, dialect: sa.Dialect) -> _Process | None:
    process: _Process | None = kind.dialect_impl(dialect).bind_processor(dialect)
    if process is None or not isinstance(kind, UtcTime):
        return process
    # An act says one moment in some fifteen places; writing it out was a sixth of its cost.
    return _MOMENTS.setdefault(dialect.name, lru_cache(maxsize=64)(process))


def _reading(statement: Any, dialect: sa.Dialect) -> tuple[Any, list[tuple[int, _Process]]]:
    columns = list(getattr(statement, "exported_columns", ()))
    found = (
        (place, column.type.dialect_impl(dialect).result_processor(dialect, None))
        for place, column in enumerate(columns)
    )
    make: Any = namedtuple  # noqa: PYI024 its fields are known only here
    shape = make("Row", [str(column.name) for column in columns], rename=True)
    return shape, [(place, read) for place, read in found if read is not None]
