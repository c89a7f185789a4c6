"""The database of an instance for a command, beside a server that may be running."""

import os
import socket
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import TypeVar

import sqlalchemy as sa

from gentie.actions.identity.keep_contacts import keep_contacts
from gentie.kernel.actor import OPERATOR
from gentie.kernel.clock import utc_now
from gentie.main.instance import Instance
from gentie.main.logs import set_up_logs
from gentie.main.numbers import WorkerNumber
from gentie.storage.db import Database
from gentie.vault.keys import IndexKey, load_or_make_index_key, load_public_key
from gentie.vault.model import SealedContact
from gentie.vault.sealing import ContactSealer

T = TypeVar("T")


class Beside:
    """Acts under a worker number of its own: no id is made twice, whoever else makes some."""

    def __init__(self, instance: Instance, db: Database, number: WorkerNumber) -> None:
        self._instance, self._db, self._number = instance, db, number
        self._vault: Database | None = None
        self._sealer: ContactSealer | None = None

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
        return self.index_key().derive("archive")

    def claim_key(self) -> bytes:
        """Signs the links by which imported names are claimed."""
        return self.index_key().derive("claim")

    async def keep_contacts(self, contacts: Iterable[tuple[str, bytes]]) -> int:
        """Seal contacts of imported authors into the vault. Returns how many people's."""
        if self._vault is None:
            self._vault = self._instance.open_database("vault")
        if self._sealer is None:
            settings = self._instance.settings
            public = load_public_key(settings.vault_public_key_path)
            self._sealer = ContactSealer(public, tenant=settings.tenant)
        seal = self._sealer.seal
        sealed = [SealedContact(author=to, blob=seal(said, to)) for to, said in contacts]
        keeping = partial(keep_contacts, contacts=sealed, acting=OPERATOR, now=utc_now())
        return await self._vault.act(keeping)

    async def close(self) -> None:
        if self._vault is not None:
            await self._vault.close()

    def index_key(self) -> IndexKey:
        return load_or_make_index_key(self._instance.settings.blind_index_key_path)

    def factor_key(self) -> bytes:
        """Encrypts the second factors of staff."""
        return self.index_key().derive("factor")


@asynccontextmanager
async def beside(instance: Instance) -> AsyncIterator[Beside]:
    """Raises InstanceFault: the database is not there, or at another version."""
    set_up_logs("warning")
    db = instance.open_database()
    try:
        holder = f"{socket.gethostname()}:{os.getpid()}"
        opened = Beside(instance, db, WorkerNumber(db, holder=holder, clock=utc_now))
        try:
            yield opened
        finally:
            await opened.close()
    finally:
        await db.close()
