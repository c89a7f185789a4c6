"""The records of an export, however they are wrapped: array, lines, envelope, tables, CSV."""

import csv
import io
import re
from collections.abc import Iterator
from typing import IO, Any, Final

from gentie.cli.imports.json_pull import LARGEST, Pull, any_of, one_of
from gentie.cli.imports.model import BadExport

_ENVELOPE: Final = "data"
_COLLECTIONS: Final = "collections"
"""Of a LokiJS file: each has a name, and its records as `data`."""
_DEEPEST: Final = 3
_IS_TABLE: Final = re.compile(rb'\{\s*"type"\s*:\s*"(?:header|database|table)"')
"""Parts of what phpMyAdmin writes."""
_IS_JSON: Final = re.compile(rb'"(?:\s|\\[nrt])*[\[{]')
"""A text that holds JSON."""
_BEGINNINGS: Final = (b"{", b"[", b"#")
_NO_VALUE: Final = frozenset({"NULL", "\\N"})


def rows_in(file: IO[bytes], *names: str) -> Iterator[dict[str, Any] | None]:
    """Each record of an array, of JSON lines, or of the arrays called `names` in an envelope.

    None: something stands there that is no record. What surrounds the arrays is dropped; an
    object that is no envelope is a record itself.

    Raises:
        BadExport: the JSON is broken.
    """
    pull = Pull(_without_comment(file))
    for _ in pull.documents():
        yield from _rows(pull, frozenset(names), 0)


def is_json(head: bytes) -> bool:
    """Whether the beginning of a file is of JSON rather than of CSV that says "quoted"."""
    first = head.lstrip()
    return first.startswith(_BEGINNINGS) or _IS_JSON.match(first) is not None


def table_in(file: IO[bytes], columns: frozenset[str]) -> Iterator[dict[str, Any] | None]:
    """The rows of a CSV whose first line names the columns, some of `columns` among them.

    Separated by commas, semicolons or tabs. Raises BadExport.
    """
    csv.field_size_limit(LARGEST)
    text = io.TextIOWrapper(file, "utf-8", newline="")
    first = text.readline(LARGEST)
    mark = max(",;\t", key=first.count)
    named = next(csv.reader([first], delimiter=mark), [])
    if not columns & {*named}:
        known = ", ".join(sorted(columns))
        raise BadExport(f"this CSV is of something else: its first line names none of {known}")
    rows = csv.DictReader(text, named, delimiter=mark, strict=True)
    try:
        for row in rows:
            yield {key: "" if value in _NO_VALUE else value for key, value in row.items() if key}
    except csv.Error as error:
        raise BadExport(f"the CSV is broken at line {rows.line_num + 1}: {error}") from error


def _rows(pull: Pull, names: frozenset[str], depth: int) -> Iterator[dict[str, Any] | None]:
    if pull.kind() == "[":
        for _ in pull.items():
            if pull.kind() == "{" and pull.stands_before(_IS_TABLE):
                yield from _table(pull, names)
            else:
                yield one_of(pull)
    elif pull.kind() == "{":
        yield from _envelope(pull, names, depth)
    elif depth < _DEEPEST and pull.stands_before(_IS_JSON):
        within = Pull(pull.inside())
        for _ in within.documents():
            yield from _rows(within, names, depth + 1)
    else:
        pull.skip()
        yield None


def _envelope(pull: Pull, names: frozenset[str], depth: int) -> Iterator[dict[str, Any] | None]:
    """What is inside the arrays; an object without any is a record."""
    said: dict[str, Any] = {}
    wraps = False
    for name in pull.members():
        if _holds_records(pull, name, names, depth):
            wraps = True
            yield from _rows(pull, names, depth)
        elif name == _ENVELOPE and pull.kind() == "{" and depth < _DEEPEST:
            wraps = True
            yield from _envelope(pull, names, depth + 1)
        elif name == _COLLECTIONS and pull.kind() == "[":
            wraps = True
            for _ in pull.items():
                yield from _table(pull, names)
        elif not depth:
            said[name] = _value(pull)
    if said and not wraps and not depth:
        yield said


def _holds_records(pull: Pull, name: str, names: frozenset[str], depth: int) -> bool:
    if name in names and pull.kind() == "[":
        return True
    boxes = name == _ENVELOPE or (name in names and depth > 0)
    return boxes and pull.kind() == '"' and pull.stands_before(_IS_JSON)


def _table(pull: Pull, names: frozenset[str]) -> Iterator[dict[str, Any] | None]:
    """The records of a table with a name of its own, where it is one of `names`."""
    wanted, named = {one.lower() for one in names}, ""
    if pull.kind() != "{":
        pull.skip()
        return
    for member in pull.members():
        if member == "name" and pull.kind() == '"':
            named = str(any_of(pull)).rpartition("_")[2].lower()
        elif member == _ENVELOPE and pull.kind() == "[" and named in wanted:
            for _ in pull.items():
                yield one_of(pull)


def _value(pull: Pull) -> Any:
    if pull.kind() == "[":  # of an envelope: of any length, and not asked for
        pull.skip()
        return None
    return any_of(pull)


def _without_comment(file: IO[bytes]) -> IO[bytes]:
    """LeanCloud writes a line before the first record that is no JSON."""
    peek = getattr(file, "peek", None)
    if peek is not None and peek(1)[:1] == b"#":
        file.readline(4096)
    return file
