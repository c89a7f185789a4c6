"""What a table and a statement owe to the class of their table (`gentie.storage.schema`).

Pure: the test reads the tables and statements of the whole house and hands them over. The rules are
what a database that is spread over several machines refused when it was tried.
"""

import ast
from collections.abc import Iterator, Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql import operators, visitors
from sqlalchemy.sql.elements import BinaryExpression

from gentie.storage.schema import ACCOUNT_SCOPED, BY_VALUE, LOCAL, REFERENCE, THREAD_SCOPED

CLASSES = {one["class"] for one in (THREAD_SCOPED, ACCOUNT_SCOPED, BY_VALUE, REFERENCE, LOCAL)}
KEYS = {THREAD_SCOPED["class"]: "thread_id", ACCOUNT_SCOPED["class"]: "account_id"}
SCATTER = "# scatter: "

Statement = sa.Select[Any] | sa.CompoundSelect[Any] | sa.Update | sa.Delete


def class_of(table: sa.Table) -> str:
    return str(table.info.get("class", ""))


def faults_of_table(table: sa.Table, rooms: Mapping[str, str]) -> Iterator[str]:
    """`rooms` says for each table's name which room declares it."""
    if class_of(table) not in CLASSES:
        yield f"{table.name} declares no class"
        return
    yield from _faults_of_keys(table)
    yield from _faults_of_foreign_keys(table, rooms)
    for column in table.columns:
        if column.server_default is not None or column.identity or column.computed:
            yield f"{table.name}.{column.name}: the database makes its value, so shards would clash"
        if isinstance(column.default, sa.Sequence) or column is table.autoincrement_column:
            yield f"{table.name}.{column.name} counts up by itself; say autoincrement=False"


def _faults_of_keys(table: sa.Table) -> Iterator[str]:
    primary = [column.name for column in table.primary_key]
    if not primary:
        yield f"{table.name} has no primary key"
        return
    first = KEYS.get(class_of(table), primary[0] if class_of(table) == BY_VALUE["class"] else "")
    for name, columns in (("primary key", primary), *_uniques(table)):
        if first and columns[:1] != [first]:
            yield f"{table.name}: {name} ({', '.join(columns)}) does not begin with {first}"


def _uniques(table: sa.Table) -> Iterator[tuple[str, list[str]]]:
    for constraint in table.constraints:
        if isinstance(constraint, sa.UniqueConstraint):
            yield "unique", [column.name for column in constraint.columns]
    for index in table.indexes:
        if index.unique:
            yield "unique index", [getattr(one, "name", "?") for one in index.expressions]


def _faults_of_foreign_keys(table: sa.Table, rooms: Mapping[str, str]) -> Iterator[str]:
    for constraint in table.foreign_key_constraints:
        target, what = (
            constraint.referred_table,
            f"{table.name} -> {constraint.referred_table.name}",
        )
        if class_of(target) != class_of(table):
            yield f"{what}: a foreign key crosses classes"
        if rooms[target.name] != rooms[table.name]:
            yield f"{what}: a foreign key leaves its room"
        key = KEYS.get(class_of(table))
        if key and (key, key) not in {(e.parent.name, e.column.name) for e in constraint.elements}:
            yield f"{what}: without {key} the two rows may live on different shards"


def scattered_in(source: str) -> set[str]:
    """Names of module-level statements that say why they ask every shard."""
    lines, found = source.splitlines(), set()
    for node in ast.parse(source).body:
        if isinstance(node, ast.Assign | ast.AnnAssign) and _says_why(node, lines):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            found |= {one.id for one in targets if isinstance(one, ast.Name)}
    return found


def _says_why(node: ast.stmt, lines: list[str]) -> bool:
    """A reason stands on a line of the statement, or is the line before it."""
    near = lines[node.lineno - 1 : node.end_lineno]
    near += [line for line in lines[: node.lineno - 1][-1:] if line.startswith("#")]
    return any(SCATTER in line and line.split(SCATTER, 1)[1].strip() for line in near)


def statements_of(module: Mapping[str, Any]) -> Iterator[tuple[str, Statement]]:
    """All statements among a module's values, also those inside a dict, list or tuple."""
    for name, value in module.items():
        for one in _flat(value):
            if isinstance(one, sa.Select | sa.CompoundSelect | sa.Update | sa.Delete):
                yield name, one


def _flat(value: object) -> Iterator[object]:
    inner: Any = value.values() if isinstance(value, dict) else value
    if isinstance(value, dict | list | tuple):
        for one in inner:
            yield from _flat(one)
    else:
        yield value


def faults_of_statement(statement: Statement) -> Iterator[str]:
    """A statement on a table of threads says which thread, for each table it takes rows from."""
    nodes: list[Any] = list(visitors.iterate(statement))
    if isinstance(statement, sa.Update | sa.Delete):
        nodes.append(statement.table)
    asked = {node for node in nodes if _is_threads(node)}
    equal = [pair for node in nodes if (pair := _equated(node)) is not None]
    anchored = {one for pair in equal for one in pair if None in pair and one is not None}
    while more := {b for a, b in [*equal, *((b, a) for a, b in equal)] if a in anchored} - anchored:
        anchored |= more
    for name in sorted(str(one.name) for one in asked - anchored):
        yield f"asks every shard: no thread_id for {name}"


def _is_threads(node: Any) -> bool:
    table = getattr(node, "element", node) if isinstance(node, sa.Alias) else node
    return isinstance(table, sa.Table) and class_of(table) == THREAD_SCOPED["class"]


def _equated(node: Any) -> tuple[Any, Any] | None:
    """The two tables whose thread_id are equal; None for a side that is no table of threads."""
    if isinstance(node, BinaryExpression) and node.operator in (operators.eq, operators.in_op):
        left, right = _table_if_thread_id(node.left), _table_if_thread_id(node.right)
        return None if left is None and right is None else (left, right)
    return None


def _table_if_thread_id(side: Any) -> Any:
    is_key = isinstance(side, sa.Column | sa.ColumnClause) and side.name == "thread_id"
    return side.table if is_key and _is_threads(side.table) else None
