"""The file: JSON Lines, plain or gzipped, with a last line that tells whether it is whole."""

import gzip
import hashlib
import os
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Final, cast

import msgspec

from gentie.moving.records.format import FORMAT, ORDER, Record
from gentie.moving.records.log import End, Header

LONGEST: Final = 64 << 20
"""Bytes of a line. A comment with ten thousand votes has one."""
_MAGIC: Final = b"\x1f\x8b"

_encode = msgspec.json.Encoder().encode
_decoder: msgspec.json.Decoder[Record] = msgspec.json.Decoder(Record)


class BadFile(Exception):
    """The file is not an export, or not the whole of it. One line; nothing was changed."""


class _Seal:
    """Counts lines and digests their bytes."""

    def __init__(self) -> None:
        self._lines, self._sha = 0, hashlib.sha256()

    def add(self, line: bytes) -> None:
        self._lines += 1
        self._sha.update(line)

    def end(self) -> End:
        return End(lines=self._lines, sha256=self._sha.hexdigest())


def lines_of(records: Iterable[Record]) -> Iterator[bytes]:
    """The file line by line, with the last one."""
    seal = _Seal()
    for record in records:
        line = _encode(record) + b"\n"
        seal.add(line)
        yield line
    yield _encode(seal.end()) + b"\n"


@contextmanager
def writing(path: Path) -> Iterator[IO[bytes]]:
    """A file that is there under its name only once it is whole. `.gz` at the end packs it.

    The same records give the same bytes, packed too: no time and no name is in there.
    """
    part = path.with_name(f".{path.name}.part")
    try:
        with part.open("wb") as raw:
            os.fchmod(raw.fileno(), 0o600)
            if path.suffix == ".gz":
                with gzip.GzipFile("", "wb", compresslevel=6, fileobj=raw, mtime=0) as packed:
                    yield cast("IO[bytes]", packed)
            else:
                yield raw
            raw.flush()
            os.fsync(raw.fileno())
        part.replace(path)
    finally:
        with suppress(FileNotFoundError):
            part.unlink()


def read_records(path: Path) -> Iterator[Record]:
    """The records without the last line, which is compared with all before it.

    Raises:
        BadFile: damaged, cut off, or something else altogether. Perhaps only at the end.
    """
    with _opened(path) as file:
        yield from records_in(file)


def records_in(file: IO[bytes]) -> Iterator[Record]:
    """The same of a file that is open and unpacked. Raises BadFile."""
    seal, place = _Seal(), 0
    for number, line in enumerate(_lines(file), 1):
        record = _record(line, number)
        if (number == 1) != isinstance(record, Header):
            raise BadFile(f"line {number}: a file begins with one header, and has no other")
        if ORDER[type(record)] < place:
            raise BadFile(f"line {number}: this kind of line stands further up")
        place = ORDER[type(record)]
        if isinstance(record, End):
            _require_whole(record, seal, file)
            return
        seal.add(line)
        yield record
    raise BadFile("the file was cut off: its last line is missing")


def _require_whole(end: End, seal: _Seal, file: IO[bytes]) -> None:
    if end != seal.end():
        raise BadFile("the file was changed: its last line does not fit the others")
    if file.read(1):
        raise BadFile("the file goes on after its last line")


def _record(line: bytes, number: int) -> Record:
    try:
        record = _decoder.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise BadFile(f"line {number} is damaged: {error}") from error
    if isinstance(record, Header) and record.format != FORMAT:
        raise BadFile(f"its format is {record.format!r}; this version reads {FORMAT!r}")
    return record


def _lines(file: IO[bytes]) -> Iterator[bytes]:
    while line := file.readline(LONGEST + 1):
        if len(line) > LONGEST:
            raise BadFile(f"a line is longer than {LONGEST >> 20} MB")
        yield line


@contextmanager
def _opened(path: Path) -> Iterator[IO[bytes]]:
    with path.open("rb") as raw:
        packed = raw.read(2) == _MAGIC
        raw.seek(0)
        try:
            yield cast("IO[bytes]", gzip.GzipFile(fileobj=raw)) if packed else raw
        except (gzip.BadGzipFile, EOFError, zlib.error) as error:
            raise BadFile(f"the file was cut off or damaged: {error}") from error
