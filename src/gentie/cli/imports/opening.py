"""An export as a stream of bytes: unpacked, in UTF-8, without what no text needs, and not for ever.

Exports come as they are or as gzip, or alone in a zip. What expands out of measure, or grows
beyond the limit, is refused while it is read.
"""

import codecs
import gzip
import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final, cast

from typing_extensions import Buffer, override

from gentie.cli.imports.model import BadExport

MOST_BYTES: Final = 16 * 1024**3
"""Of an export, unpacked."""
MOST_RATIO: Final = 1000
"""Unpacked bytes for a packed one, from `_FREE` bytes on. Real exports have some twenty."""
_FREE: Final = 64 * 1024**2
_CHUNK: Final = 256 * 1024
_GZIP: Final = b"\x1f\x8b"
_ZIP: Final = b"PK\x03\x04"
_BOMS: Final = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_DECLARED: Final = re.compile(rb"\A\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9._-]{1,40})")


class ExportFile:
    """A file that the operator named. Opened anew for each reading."""

    def __init__(self, path: Path, *, encoding: str = "", most: int = MOST_BYTES) -> None:
        """`encoding` is what the operator says it is written in. Empty: as it says itself."""
        self.path = path
        self._encoding, self._most = encoding, most

    def head(self, size: int = 64 * 1024) -> bytes:
        """Its beginning, unpacked and in UTF-8. Raises BadExport."""
        with self.open() as file:
            return file.read(size)

    @contextmanager
    def unpacked(self) -> Iterator[IO[bytes]]:
        """The bytes as they were packed. Raises BadExport."""
        try:
            with self.path.open("rb") as raw, _opened(raw, self.path, self._most) as file:
                yield file
        except (gzip.BadGzipFile, zipfile.BadZipFile, EOFError, zlib.error) as error:
            raise BadExport(f"the packed file is broken: {error}") from error
        except (NotImplementedError, RuntimeError) as error:
            raise BadExport("the zip is packed in a way that is not known here") from error
        except OSError as error:
            raise BadExport(f"it cannot be read: {error.strerror or error}") from error

    @contextmanager
    def open(self) -> Iterator[IO[bytes]]:
        """The text as UTF-8 without a byte order mark; wrong bytes become a mark of their own."""
        with self.unpacked() as file:
            first = file.read(1024)
            encoding = self._encoding or _encoding_of(first)
            try:
                decoder = codecs.getincrementaldecoder(encoding)(errors="replace")
                "".encode(encoding)
            except LookupError as error:
                raise BadExport(f"nobody knows the encoding {encoding!r}") from error
            yield cast("IO[bytes]", io.BufferedReader(_Recoded(file, first, decoder), _CHUNK))


@contextmanager
def _opened(raw: IO[bytes], path: Path, most: int) -> Iterator[IO[bytes]]:
    magic = raw.read(4)
    raw.seek(0)
    packed = path.stat().st_size
    if magic.startswith(_GZIP):
        with gzip.GzipFile(fileobj=raw) as file:
            yield cast(
                "IO[bytes]",
                io.BufferedReader(_Bounded(cast("IO[bytes]", file), most, packed), _CHUNK),
            )
    elif magic == _ZIP:
        with zipfile.ZipFile(raw) as archive, archive.open(_only_member(archive)) as file:
            yield cast("IO[bytes]", io.BufferedReader(_Bounded(file, most, packed), _CHUNK))
    else:
        yield cast("IO[bytes]", io.BufferedReader(_Bounded(raw, most, most), _CHUNK))


def _only_member(archive: zipfile.ZipFile) -> zipfile.ZipInfo:
    inside = [
        one for one in archive.infolist() if not one.is_dir() and "__MACOSX" not in one.filename
    ]
    if len(inside) != 1:
        raise BadExport(f"the zip holds {len(inside)} files: unpack it and name the one to import")
    return inside[0]


def _encoding_of(first: bytes) -> str:
    for mark, encoding in _BOMS:
        if first.startswith(mark):
            return encoding
    if first[:2] in (b"<\0", b"{\0", b"[\0"):
        return "utf-16-le"
    if first[:2] in (b"\0<", b"\0{", b"\0["):
        return "utf-16-be"
    declared = _DECLARED.match(first)
    return declared[1].decode() if declared else "utf-8"


class _Bounded(io.RawIOBase):
    """Stops a file that grows out of measure."""

    def __init__(self, file: IO[bytes], most: int, packed: int) -> None:
        self._file, self._most, self._packed, self._read = file, most, packed, 0

    @override
    def readable(self) -> bool:
        return True

    @override
    def readinto(self, buffer: Buffer, /) -> int:
        room = memoryview(buffer)
        data = self._file.read(len(room))
        self._read += len(data)
        if self._read > self._most:
            raise BadExport(f"it is larger than {self._most // 1024**2} MB")
        if self._read > max(_FREE, self._packed * MOST_RATIO):
            raise BadExport("it unpacks to more than a thousand times its size")
        room[: len(data)] = data
        return len(data)


class _Recoded(io.RawIOBase):
    """Whatever it was written in, as UTF-8."""

    def __init__(self, file: IO[bytes], first: bytes, decoder: codecs.IncrementalDecoder) -> None:
        self._file, self._first, self._decoder = file, first, decoder
        self._ready, self._at, self._over = b"", 0, False

    @override
    def readable(self) -> bool:
        return True

    @override
    def readinto(self, buffer: Buffer, /) -> int:
        room = memoryview(buffer)
        while self._at >= len(self._ready) and not self._over:
            data, self._first = self._first or self._file.read(_CHUNK), b""
            self._over = not data
            text = self._decoder.decode(data, final=self._over)
            self._ready, self._at = text.encode("utf-8", "replace"), 0
        some = self._ready[self._at : self._at + len(room)]
        room[: len(some)] = some
        self._at += len(some)
        return len(some)
