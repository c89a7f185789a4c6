"""XML read record by record: no tree, no document type, no entities of its own.

What people typed into old blogs is not always XML: control characters, and references to them,
are left out before the parser sees them.
"""

import re
from codecs import BOM_UTF8
from collections.abc import Callable, Iterator
from typing import IO, Final
from xml.parsers import expat

from gentie.cli.imports.model import BadExport

DEEPEST: Final = 40
LARGEST: Final = 8 * 1024**2
"""Bytes of text in one record."""
_BEGINNING: Final = 64 * 1024
"""Characters kept of what is outside of records: a title, an address."""
_MOST_NAMES: Final = 1000
_CHUNK: Final = 64 * 1024
_PRINTED: Final = 4096
"""Bytes before the declaration that are no part of the file."""
_CONTROL: Final = bytes([*range(9), 11, 12, *range(14, 32), 127])
_REFERENCE: Final = re.compile(
    rb"&#(?:0*(?:[0-8]|1[124-9]|2[0-9]|3[01])"
    rb"|[xX]0*(?:[0-8bcBC]|0?[eEfF]|1[0-9a-fA-F]|[dD][89a-fA-F][0-9a-fA-F]{2}|[fF]{3}[eEfF]));"
)
_LONGEST_REFERENCE: Final = 16


class Element:
    """A record, or a part of one: attributes by name, text, and parts in their order."""

    __slots__ = ("attributes", "name", "parts", "words")

    def __init__(self, name: str, attributes: dict[str, str]) -> None:
        self.name, self.attributes = name, attributes
        self.words: list[str] = []
        self.parts: list[Element] = []

    @property
    def text(self) -> str:
        return "".join(self.words).strip()

    def find(self, name: str) -> "Element | None":
        for one in self.parts:
            if one.name == name:
                return one
        return None

    def get(self, name: str) -> str:
        """The text of the first part of that name. Empty: there is none."""
        found = self.find(name)
        return found.text if found else ""


class Closed:
    """The end of an element that encloses records, for what is known only then."""

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name


Told = Element | Closed


def records_in(
    file: IO[bytes],
    *,
    records: frozenset[str],
    around: frozenset[str],
    prefix: Callable[[str], str],
) -> Iterator[Told]:
    """The elements named in `records`, whole, and each simple child of one in `around`.

    Names are `prefix:name`, where `prefix` is asked what a namespace is called; "" leaves the
    name alone. What is inside a record belongs to it; of other texts the beginning is kept.

    Raises:
        BadExport: it is broken or hostile.
    """
    reader = _Reader(records, around, prefix)
    for chunk in _mended(file):
        yield from reader.feed(chunk)
    yield from reader.feed(b"", over=True)


def _mended(file: IO[bytes]) -> Iterator[bytes]:
    rest, begun = b"", False
    while data := file.read(_CHUNK):
        if not begun:
            data = _from_its_beginning(data)
            begun = bool(data)
        data = rest + data.translate(None, _CONTROL)
        cut = data.rfind(b"&", max(0, len(data) - _LONGEST_REFERENCE))
        data, rest = (data, b"") if cut < 0 else (data[:cut], data[cut:])
        yield _REFERENCE.sub(b"", data)
    yield _REFERENCE.sub(b"", rest)


def _from_its_beginning(data: bytes) -> bytes:
    """Without what old blogs and their plug-ins print first: blank lines, a warning of PHP."""
    data = data.removeprefix(BOM_UTF8).lstrip()
    at = data.find(b"<?xml", 0, _PRINTED)
    is_printed = not data.startswith(b"<") or data.startswith(b"<br")
    return data[at:] if at > 0 and is_printed else data


class _Reader:
    def __init__(
        self, records: frozenset[str], around: frozenset[str], prefix: Callable[[str], str]
    ) -> None:
        self._records, self._around, self._prefix = records, around, prefix
        self._names: dict[str, str] = {}
        self._open: list[Element] = []
        self._in_record = 0
        """Open elements from the record down; 0: outside of all."""
        self._size = 0
        self._ready: list[Told] = []
        self._parser = parser = expat.ParserCreate("utf-8", "}")
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = self._refuse
        parser.EntityDeclHandler = self._refuse
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._words

    def feed(self, data: bytes, *, over: bool = False) -> list[Told]:
        try:
            self._parser.Parse(data, over)
        except expat.ExpatError as error:
            where = f"line {error.lineno}, column {error.offset}"
            why = expat.ErrorString(error.code)
            says = "the file is cut off" if over else why
            raise BadExport(f"the XML is broken at {where}: {says}") from error
        ready, self._ready = self._ready, []
        return ready

    def _refuse(self, *_: object) -> None:
        raise BadExport("the file declares a document type or entities; an export needs none")

    def _name(self, raw: str) -> str:
        """As `prefix` calls it; looked up once for each name."""
        known = self._names.get(raw)
        if known is None:
            space, _, local = raw.rpartition("}")
            before = self._prefix(space) if space else ""
            known = f"{before}:{local}" if before else local
            if len(self._names) < _MOST_NAMES:
                self._names[raw] = known
        return known

    def _start(self, raw: str, attributes: dict[str, str]) -> None:
        name = self._name(raw)
        said = {self._name(one): value for one, value in attributes.items()} if attributes else {}
        element = Element(name, said)
        self._open.append(element)
        if len(self._open) > DEEPEST:
            raise BadExport(f"the XML is nested too deep at line {self._line}")
        if self._in_record or name in self._records:
            self._in_record += 1
            if self._in_record == 1:
                self._size = 0
            else:
                self._open[-2].parts.append(element)

    def _words(self, words: str) -> None:
        if not self._open:
            return
        self._size += len(words)
        if self._in_record and self._size > LARGEST:
            raise BadExport(f"a record before line {self._line} is out of measure")
        if self._in_record or self._size <= _BEGINNING:
            self._open[-1].words.append(words)

    def _end(self, _: str) -> None:
        element = self._open.pop()
        name = element.name
        if self._in_record:
            self._in_record -= 1
            if not self._in_record:
                self._ready.append(element)
                self._size = 0
            return
        self._size = 0
        if name in self._around:
            self._ready.append(Closed(name))
        elif self._open and self._open[-1].name in self._around:
            self._ready.append(element)

    @property
    def _line(self) -> int:
        return self._parser.CurrentLineNumber
