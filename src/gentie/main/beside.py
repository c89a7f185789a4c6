"""The database of an instance for a command, beside a server that may be running."""

import os
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import TypeVar

import sqlalchemy as sa

from gentie.kernel.clock import utc_now
from gentie.main.instance import Instance
from gentie.main.logs import set_up_logs
from gentie.main.numbers import WorkerNumber
from gentie.storage.db import Database
from gentie.vault.keys import load_or_make_index_key

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

    def factor_key(self) -> bytes:
        """Encrypts the second factors of staff."""
        key = load_or_make_index_key(self._instance.settings.blind_index_key_path)
        return key.derive("factor")


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
