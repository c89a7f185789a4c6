"""Where bytes lie: a folder, or an S3 by URL. Every object is named by what is in it.

Originals lie under `private/`, which nothing serves; what was re-encoded lies under `public/`.
An object comes first and its row after it, so a crash leaves bytes that nobody names; those are
swept (`jobs.media`).
"""

import asyncio
import os
from collections.abc import AsyncIterator, Iterable
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Final

import obstore
from msgspec import Struct
from obstore.exceptions import NotFoundError
from obstore.store import LocalStore, ObjectStore, from_url

PRIVATE: Final = "private"
PUBLIC: Final = "public"
PIECE: Final = 512 * 1024
"""Bytes that are read at a time."""
_DIGEST = 64


class NoObject(Exception):
    """The store does not have these bytes: the database says that it should."""


class Kept(Struct, frozen=True):
    """An object as the store lists it."""

    sha256: str
    at: datetime
    """When it was last put there."""


class Objects:
    """The object store. Safe between threads."""

    def __init__(self, store: ObjectStore, folder: Path | None = None) -> None:
        """`folder` is where it keeps them on this machine. None: elsewhere."""
        self._store, self._folder = store, folder

    async def put(self, prefix: str, sha256: str, source: Path) -> None:
        """Put a file there under its digest. Twice is once, and makes it young again.

        Once this returns, no cut of the power takes it away.
        """
        await obstore.put_async(self._store, _path(prefix, sha256), source)
        await asyncio.to_thread(self._force, _path(prefix, sha256))

    def put_file_now(self, prefix: str, sha256: str, source: Path) -> None:
        """The same, in a thread."""
        obstore.put(self._store, _path(prefix, sha256), source)
        self._force(_path(prefix, sha256))

    def get_now(self, prefix: str, sha256: str) -> bytes:
        """All of it, in a thread. Raises NoObject."""
        try:
            return bytes(obstore.get(self._store, _path(prefix, sha256)).bytes())
        except (NotFoundError, FileNotFoundError) as error:
            raise NoObject(sha256) from error

    async def fetch(self, prefix: str, sha256: str, target: Path) -> None:
        """Write it to a file. Raises NoObject."""
        with target.open("wb") as file:
            async for piece in self.read(prefix, sha256):
                file.write(piece)

    async def read(
        self, prefix: str, sha256: str, *, start: int = 0, end: int | None = None
    ) -> AsyncIterator[bytes]:
        """From byte `start` up to, not including, `end`, piece by piece.

        Raises:
            NoObject: before the first piece.
        """
        path = _path(prefix, sha256)
        try:
            if start or end is not None:
                options = {"range": (start, end) if end is not None else {"offset": start}}
                found = await obstore.get_async(self._store, path, options=options)  # type: ignore[arg-type] # its types know no plain dictionaries
            else:
                found = await obstore.get_async(self._store, path)
        except (NotFoundError, FileNotFoundError) as error:
            raise NoObject(sha256) from error
        async for piece in found.stream(min_chunk_size=PIECE):
            yield bytes(piece)

    async def listed(self, prefix: str) -> AsyncIterator[list[Kept]]:
        """Everything under a prefix, some hundred at a time."""
        async for part in obstore.list(self._store, prefix=prefix, chunk_size=500):
            named = ((one["path"].rpartition("/")[2], one["last_modified"]) for one in part)
            yield [Kept(name, at) for name, at in named if len(name) == _DIGEST]

    async def drop(self, prefix: str, digests: Iterable[str]) -> None:
        """What is not there any more is no fault: two processes may sweep at once."""
        for one in digests:
            with suppress(NotFoundError, FileNotFoundError):
                await obstore.delete_async(self._store, _path(prefix, one))

    def _force(self, path: str) -> None:
        """Onto the disk: the bytes, and the names that lead to them. An S3 has done it."""
        if self._folder is None:
            return
        file = self._folder / path
        for one in (file, *file.parents[: path.count("/") + 1]):
            opened = os.open(one, os.O_RDONLY)
            try:
                os.fsync(opened)
            finally:
                os.close(opened)


def open_objects(url: str, folder: Path) -> Objects:
    """The store at `url`, for example s3://bucket/prefix; the folder where there is none.

    Keys for S3 come from the environment (`AWS_ACCESS_KEY_ID` and so on).
    """
    if url:
        return Objects(from_url(url))
    return Objects(LocalStore(folder, mkdir=True), folder)


def _path(prefix: str, sha256: str) -> str:
    return f"{prefix}/sha256/{sha256[:2]}/{sha256[2:4]}/{sha256}"
