"""The records of a JSON export, however they are wrapped: array, lines, or envelope."""

from collections.abc import Iterator
from typing import IO, Any, Final

from gentie.cli.imports.json_pull import Pull, any_of, one_of

_ENVELOPE: Final = "data"
_DEEPEST: Final = 3


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


def _rows(pull: Pull, names: frozenset[str], depth: int) -> Iterator[dict[str, Any] | None]:
    if pull.kind() == "[":
        for _ in pull.items():
            yield one_of(pull)
    elif pull.kind() == "{":
        yield from _envelope(pull, names, depth)
    else:
        pull.skip()
        yield None


def _envelope(pull: Pull, names: frozenset[str], depth: int) -> Iterator[dict[str, Any] | None]:
    """What is inside the arrays; an object without any is a record."""
    said: dict[str, Any] = {}
    wraps = False
    for name in pull.members():
        if name in names and pull.kind() == "[":
            wraps = True
            yield from _rows(pull, names, depth)
        elif name == _ENVELOPE and pull.kind() == "{" and depth < _DEEPEST:
            wraps = True
            yield from _envelope(pull, names, depth + 1)
        elif not depth:
            said[name] = _value(pull)
    if said and not wraps and not depth:
        yield said


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
