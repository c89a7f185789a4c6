"""JSON read piece by piece: arrays of any length, one element in memory.

A `Pull` stands before a value. Whoever walks objects and arrays with it says which values are
wanted whole; the others are passed over without being kept. Brackets inside strings are skipped
by one pattern, so a step in Python happens for each bracket and not for each character.
"""

import re
from collections.abc import Callable, Iterator
from typing import Any, Final, Protocol

import msgspec

from gentie.cli.imports.model import BadExport

DEEPEST: Final = 64
"""Brackets inside each other. Exports have four or five."""
LARGEST: Final = 8 * 1024**2
"""Bytes of one value that is wanted whole: a comment with all its fields."""
_CHUNK: Final = 256 * 1024
_SPACE: Final = re.compile(rb"[ \t\r\n]*+")
# A repeated group is atomic, not possessive: `re` before 3.11.5 gets that wrong.
_INSIDE: Final = re.compile(rb'(?>(?:[^"\[\]{}]++|"[^"\\]*+(?>(?:\\.[^"\\]*+)*)")*)', re.DOTALL)
_STRING: Final = re.compile(rb'"[^"\\]*+(?>(?:\\.[^"\\]*+)*)"', re.DOTALL)
_PLAIN: Final = re.compile(rb"[^\s,\]}\[{\":]++")
_OPEN: Final = b"{["
_CLOSE: Final = b"}]"


class Broken(ValueError):
    """One value makes no sense; what comes after it can still be read."""


class Readable(Protocol):
    def read(self, size: int = -1, /) -> bytes: ...


class Pull:
    """A file of one JSON value, or of many one after the other."""

    def __init__(self, file: Readable) -> None:
        self._file = file
        self._buffer, self._at, self._read, self._over = b"", 0, 0, False

    @property
    def where(self) -> int:
        """How many bytes have been read, for the progress bar and for complaints."""
        return self._read - len(self._buffer) + self._at

    def kind(self) -> str:
        """The first character of the next value. Empty: the file is over."""
        while True:
            self._at = self._match(_SPACE)
            if self._at < len(self._buffer):
                return chr(self._buffer[self._at])
            if not self._more():
                return ""

    def stands_before(self, pattern: re.Pattern[bytes]) -> bool:
        """Whether what comes next looks like this, as far as `_AHEAD` bytes tell."""
        self.kind()
        while len(self._buffer) - self._at < _AHEAD and self._more():
            pass
        return pattern.match(self._buffer, self._at) is not None

    def inside(self) -> "Inside":
        """The next value, a string, as a file: JSON that somebody wrote into JSON."""
        self._expect('"')
        return Inside(self._unescaped)

    def _unescaped(self) -> bytes:
        """Some more of the string in which the pull stands. Empty: it is over."""
        while True:
            found = _WHOLE.match(self._buffer, self._at)
            end = found.end() if found else self._at
            if end > self._at:
                part, self._at = self._buffer[self._at : end], end
                return _ESCAPE.sub(_character, part)
            if self._buffer[end : end + 1] == b'"':
                self._at += 1
                return b""
            if not self._more():
                raise self._cut("")

    def documents(self) -> Iterator[None]:
        """Each value of a file that has many: JSON lines, with or without commas between."""
        while self.kind():
            before = self.where
            yield
            if self.where == before:
                self.skip()
            if self.kind() == ",":
                self._at += 1

    def members(self) -> Iterator[str]:
        """The names in an object; each value is read by the caller, or passed over."""
        self._expect("{")
        if self.kind() == "}":
            self._at += 1
            return
        while True:
            name = self._name()
            self._expect(":")
            yield from self._each(name)
            if self._ends("}"):
                return

    def items(self) -> Iterator[None]:
        """The elements of an array; each is read by the caller, or passed over."""
        self._expect("[")
        if self.kind() == "]":
            self._at += 1
            return
        while True:
            yield from self._each(None)
            if self._ends("]"):
                return

    def value(self) -> Any:
        """The next value, whole.

        Raises:
            Broken: it makes no sense by itself; the pull stands behind it.
            BadExport: nothing more can be read.
        """
        raw = self._raw(keep=True)
        try:
            return msgspec.json.decode(raw)
        except (msgspec.DecodeError, RecursionError) as error:
            return self._mended(raw, error)

    def skip(self) -> None:
        """Pass over the next value."""
        self._raw(keep=False)

    def _mended(self, raw: bytes, error: Exception) -> Any:
        """Half of a surrogate pair is what some exporters cut an emoji to."""
        mended = _HALF.sub(rb"\\ufffd", raw)
        try:
            return msgspec.json.decode(mended)
        except (msgspec.DecodeError, RecursionError):
            raise Broken(str(error)) from error

    def _each(self, name: Any) -> Iterator[Any]:
        self.kind()
        before = self.where
        yield name
        if self.where == before:
            self.skip()

    def _ends(self, close: str) -> bool:
        found = self.kind()
        if found not in (",", close):
            raise self._cut(found)
        self._at += 1
        return found == close

    def _expect(self, wanted: str) -> None:
        found = self.kind()
        if found != wanted:
            raise self._cut(found)
        self._at += 1

    def _name(self) -> str:
        if (found := self.kind()) != '"':
            raise self._cut(found)
        try:
            return str(self.value())
        except Broken as error:
            raise BadExport(f"the JSON is broken at byte {self.where}") from error

    def _raw(self, *, keep: bool) -> bytes:
        first = self.kind()
        if first in ("{", "["):
            return self._nested(keep=keep)
        return self._scalar(_STRING if first == '"' else _PLAIN, first)

    def _nested(self, *, keep: bool) -> bytes:
        start, at, depth = self._at, self._at, 0
        while True:
            byte = self._buffer[at : at + 1]
            if not byte or byte == b'"':  # the end of what is here, or the beginning of a string
                if not keep:
                    start = at
                self._at, done = start, at - start
                if not self._more():
                    raise self._cut("")
                start, at = self._at, self._at + done
                if keep and len(self._buffer) - start > LARGEST + _CHUNK:
                    raise BadExport(f"a record before byte {self._read} is out of measure")
            elif byte in _OPEN:
                depth += 1
                if depth > DEEPEST:
                    raise BadExport(f"the JSON is nested too deep at byte {self._read}")
                at += 1
            else:
                depth -= 1
                at += 1
                if not depth:
                    break
            found = _INSIDE.match(self._buffer, at)
            at = found.end() if found else at
        self._at = at
        return self._buffer[start:at] if keep else b""

    def _scalar(self, pattern: re.Pattern[bytes], first: str) -> bytes:
        while True:
            found = pattern.match(self._buffer, self._at)
            if found and (found.end() < len(self._buffer) or self._over or first == '"'):
                self._at = found.end()
                return found[0]
            if len(self._buffer) - self._at > LARGEST + _CHUNK:
                raise BadExport(f"a value before byte {self._read} is out of measure")
            if not self._more() and not (found and self._over):
                raise self._cut(first)

    def _more(self) -> bool:
        """Read on, and let go of what is behind."""
        if self._over:
            return False
        rest = self._buffer[self._at :]
        data = self._file.read(max(_CHUNK, len(rest)))
        self._over = not data
        self._read += len(data)
        self._buffer, self._at = rest + data, 0
        return bool(data)

    def _match(self, pattern: re.Pattern[bytes]) -> int:
        found = pattern.match(self._buffer, self._at)
        return found.end() if found else self._at

    def _cut(self, found: str) -> BadExport:
        if not found or (self._over and not self._buffer[self._at :].strip()):
            return BadExport("the JSON ends in the middle: the file is cut off")
        return BadExport(f"the JSON is broken at byte {self.where}")


_HALF: Final = re.compile(
    rb"\\u[dD][89abAB][0-9a-fA-F]{2}(?!\\u[dD][c-fC-F])"
    rb"|(?<!\\u[dD][89abAB][0-9a-fA-F]{2})\\u[dD][c-fC-F][0-9a-fA-F]{2}"
)


_AHEAD: Final = 64
_WHOLE: Final = re.compile(
    rb'(?>(?:[^"\\]++|\\[^u]|\\u(?![dD][89abAB])....|\\u[dD][89abAB]..(?:\\u....|(?=[^\\]|\\[^u])))*)',
    re.DOTALL,
)
"""Characters of a string, none of them cut in two."""
_ESCAPE: Final = re.compile(rb"\\u[dD][89abAB]..\\u....|\\u....|\\.", re.DOTALL)
_SIMPLE: Final = {
    b"\\n": b"\n",
    b"\\t": b"\t",
    b"\\r": b"\r",
    b"\\b": b" ",
    b"\\f": b" ",
}


def _character(found: re.Match[bytes]) -> bytes:
    raw = found[0]
    if raw[1:2] != b"u":
        return _SIMPLE.get(raw, raw[1:])
    try:
        return str(msgspec.json.decode(b'"' + raw + b'"')).encode()
    except (msgspec.DecodeError, UnicodeEncodeError):
        return "\ufffd".encode()


class Inside:
    """A file that is read from inside a string."""

    def __init__(self, more: Callable[[], bytes]) -> None:
        self._more, self._over = more, False

    def read(self, _: int = -1) -> bytes:
        """The next part, of any size."""
        some = b"" if self._over else self._more()
        self._over = not some
        return some


def one_by_one(pull: Pull) -> Iterator[dict[str, Any] | None]:
    """The objects of the array before which `pull` stands. None: one that makes no sense."""
    for _ in pull.items():
        yield one_of(pull)


def one_of(pull: Pull) -> dict[str, Any] | None:
    """The next value as an object. None: it is none, or makes no sense."""
    value = any_of(pull)
    return value if isinstance(value, dict) else None


def any_of(pull: Pull) -> Any:
    """The next value. None: it is null, or makes no sense."""
    try:
        return pull.value()
    except Broken:
        return None
