"""The database of an instance for a command, beside a server that may be running."""

import os
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TypeVar

import sqlalchemy as sa

from gentie.kernel.clock import utc_now
from gentie.main.instance import Instance
from gentie.main.logs import set_up_logs
from gentie.main.numbers import WorkerNumber
from gentie.storage.db import Database
from gentie.vault.keys import IndexKey, load_or_make_index_key

T = TypeVar("T")


class Beside:
    """Acts under a worker number of its own: no id is made twice, whoever else makes some."""

    def __init__(self, instance: Instance, db: Database, number: WorkerNumber) -> None:
        self._instance, self._db, self._number = instance, db, number

    async def act(self, body: Callable[[sa.Connection], T]) -> T:
        await self._number.hold()
        return await self._db.act(body)

    async def read(self, body: Callable[[sa.Connection], T]) -> T:
        return await self._db.read(body)

    @property
    def folder(self) -> Path:
        return self._instance.settings.data

    @property
    def public_url(self) -> str:
        return self._instance.settings.public_url

    def archive_key(self) -> bytes:
        """Makes the digests that tell imported people of one name apart."""
        return self._index_key().derive("archive")

    def claim_key(self) -> bytes:
        """Signs the links by which imported names are claimed."""
        return self._index_key().derive("claim")

    async def keep_contacts(self, contacts: tuple[tuple[str, bytes], ...]) -> int:
        return 0

    def _index_key(self) -> IndexKey:
        return load_or_make_index_key(self._instance.settings.blind_index_key_path)

    def factor_key(self) -> bytes:
        """Encrypts the second factors of staff."""
        return self._index_key().derive("factor")


@asynccontextmanager
async def beside(instance: Instance) -> AsyncIterator[Beside]:
    """Raises InstanceFault: the database is not there, or at another version."""
    set_up_logs("warning")
    db = instance.open_database()
    try:
        holder = f"{socket.gethostname()}:{os.getpid()}"
        yield Beside(instance, db, WorkerNumber(db, holder=holder, clock=utc_now))
    finally:
        await db.close()
