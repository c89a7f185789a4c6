"""Who claims which row: read from the source text, so that nothing has to be imported.

Three marks count: `@fulfils("2017-5.3")` on code, `@pytest.mark.clause("2017-5.3")` on tests and
`@live_check("2017-5.3", ...)` or `@vault_check(...)` on a check of the live instance.
"""

import ast
import enum
from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec


class Kind(enum.StrEnum):
    CODE = "code"
    TEST = "test"
    CHECK = "check"


class Mark(msgspec.Struct, frozen=True):
    kind: Kind
    obligation: str
    """As written; what is no literal stands here as code and is an unknown id."""
    where: str
    """File and name, for example "gentie/comments/rules.py::decide_verdict"."""


_CALLS = {
    "fulfils": Kind.CODE,
    "pytest.mark.clause": Kind.TEST,
    "live_check": Kind.CHECK,
    "vault_check": Kind.CHECK,
}


_NAMED = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


def marks_in(source: str, where: str) -> Iterator[Mark]:
    """All marks of one module. `where` is its path, as it shall be shown."""
    yield from _marks_under(ast.parse(source), where)


def _marks_under(node: ast.AST, where: str) -> Iterator[Mark]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Call):
            yield from _marks_of(child, where)
        inside = f"{where}::{child.name}" if isinstance(child, _NAMED) else where
        yield from _marks_under(child, inside)


def _marks_of(call: ast.Call, where: str) -> Iterator[Mark]:
    kind = _CALLS.get(ast.unparse(call.func))
    if kind is None:
        return
    for one in call.args:
        said = str(one.value) if isinstance(one, ast.Constant) else ast.unparse(one)
        yield Mark(kind, said, where)


def find_marks(folders: Iterable[Path]) -> list[Mark]:
    """All marks in the Python files of `folders`, in the order of their paths."""
    return [
        mark
        for folder in folders
        for path in sorted(folder.rglob("*.py"))
        for mark in marks_in(
            path.read_text(encoding="utf-8"), path.relative_to(folder.parent).as_posix()
        )
    ]
