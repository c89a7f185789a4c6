"""Where an upload lies until all of it is there: a file on this machine, one for each.

How much has arrived is the length of the file, so it is right after any crash, without a write to
the database for each piece.
"""

import asyncio
import fcntl
import hashlib
import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Final

from gentie.media.model import UploadBusy, UploadTooLarge, WrongChecksum, WrongOffset

PIECE: Final = 256 * 1024
"""Bytes that are gathered before they are written."""
_CHECK: Final = "checking-"


class Spool:
    """A folder of unfinished uploads. Ids are ours, so they are safe as names."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def path(self, upload: str) -> Path:
        return self._folder / f"{upload}.part"

    def make(self, upload: str) -> None:
        """Begin an upload: an empty file, for nobody else's eyes."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(self.path(upload), os.O_CREAT | os.O_WRONLY, 0o600))

    def offset(self, upload: str) -> int:
        """How many bytes have arrived. 0: none, or all of it was taken over already."""
        try:
            return self.path(upload).stat().st_size
        except FileNotFoundError:
            return 0

    async def append(
        self,
        upload: str,
        pieces: AsyncIterator[bytes],
        *,
        offset: int,
        most: int,
        checksum: tuple[str, bytes] | None = None,
    ) -> int:
        """Write what comes behind the first `offset` bytes, `most` in all. Returns where it ends.

        `checksum` is the name of a digest and what it must be; otherwise nothing of it stays.
        What had arrived before a connection broke stays.

        Raises:
            UploadBusy, WrongOffset, WrongChecksum, UploadTooLarge: with nothing of it kept.
        """
        with self.path(upload).open("r+b") as file:
            _lock(file)
            if file.seek(0, os.SEEK_END) != offset:
                raise WrongOffset(offset=file.tell())
            try:
                await _write(file, pieces, most=most, checksum=checksum)
            except (UploadTooLarge, WrongChecksum):
                file.truncate(offset)
                raise
            return file.seek(0, os.SEEK_END)

    async def digest(self, upload: str) -> str:
        """SHA-256 of what has arrived, read in a thread."""
        return await asyncio.to_thread(digest_of_file, self.path(upload))

    def drop(self, upload: str) -> None:
        with suppress(FileNotFoundError):
            self.path(upload).unlink()

    @contextmanager
    def checking(self) -> Iterator[Path]:
        """A folder for one check, beside the uploads."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=_CHECK, dir=self._folder) as folder:
            yield Path(folder)

    def drop_abandoned(self, *, before: datetime) -> int:
        """Delete the folders of checks that began before then. Returns how many."""
        begun = before.timestamp()
        old = [one for one in self._folder.glob(f"{_CHECK}*") if one.stat().st_ctime < begun]
        for one in old:
            shutil.rmtree(one, ignore_errors=True)
        return len(old)

    def all(self) -> list[str]:
        """Ids of what lies here."""
        return [one.stem for one in self._folder.glob("*.part")]


def digest_of_file(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _lock(file: BinaryIO) -> None:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise UploadBusy from error


async def _write(
    file: BinaryIO,
    pieces: AsyncIterator[bytes],
    *,
    most: int,
    checksum: tuple[str, bytes] | None,
) -> None:
    seen = hashlib.new(checksum[0]) if checksum else None
    waiting = bytearray()
    try:
        async for piece in pieces:
            if file.tell() + len(waiting) + len(piece) > most:
                raise UploadTooLarge(largest=most)
            waiting += piece
            if seen:
                seen.update(piece)
            if len(waiting) >= PIECE:
                await asyncio.to_thread(file.write, bytes(waiting))
                waiting.clear()
    finally:
        file.write(waiting)
    if seen and checksum and seen.digest() != checksum[1]:
        raise WrongChecksum
