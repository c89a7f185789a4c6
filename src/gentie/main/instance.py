"""An instance: its settings, its folders, its databases and its keys."""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Self

import sqlalchemy as sa
from sqlalchemy.exc import OperationalError

from gentie.ledger.keeping import HighWaterMark, Signer
from gentie.ledger.key import SigningKey
from gentie.main.settings import Settings, load_settings
from gentie.media.adapters.objects import Objects, open_objects
from gentie.migrations.steps import State, migrate, state_of
from gentie.storage.db import Database
from gentie.vault.destroyed import Destroyed
from gentie.vault.grants import grant_serving
from gentie.vault.keys import VaultFiles, load_or_make_index_key, make_seal_keys

HOW = {
    State.BEHIND: "is behind this version: back it up, then run `gentie migrate`",
    State.STRANGE: "was made by a newer or unreleased version: use that one, or a new data folder",
    State.EMPTY: "is empty: run `gentie migrate`",
}


class InstanceFault(Exception):
    """The instance cannot be used as it is. The message is one line that says what helps."""


class Instance:
    """What commands work on. Nothing is opened or made before it is asked for."""

    def __init__(self, config: Path | None = None, **given: object) -> None:
        """`given` are settings from the command line; None leaves one alone."""
        self._config, self._given = config, given

    def on_port(self, port: int) -> Self:
        """The same, listening where it really does: 0 asked for any free port."""
        return type(self)(self._config, **{**self._given, "port": port})

    @cached_property
    def settings(self) -> Settings:
        """Raises SettingsFault: with one line that says what is wrong."""
        return load_settings(os.environ, config=self._config, **self._given)

    def urls(self) -> dict[str, str]:
        """The databases by name, as `gentie.migrations` calls them."""
        return {"main": self.settings.main_database, "vault": self.settings.vault_database}

    def migrate(self) -> None:
        """Bring both databases to this version; make what is not there, keys included.

        Raises:
            InstanceFault, BadKey, KeyFault: something that is there cannot be used.
        """
        self._make_keys()
        for name, url in self.urls().items():
            self._migrate(name, url)

    def open_database(self, name: str = "main") -> Database:
        """Open a database that is at this version. The caller closes it.

        Raises:
            InstanceFault: it is not there, or at another version.
        """
        self._require_current(name)
        return Database(self.urls()[name])

    def open_vault(self) -> Database:
        """The vault as its owner, for the process that opens. The caller closes it.

        Raises:
            InstanceFault: it is not there, or at another version.
        """
        self._require_current("vault")
        return Database(self.settings.vault_owner)

    def destroyed(self) -> list[str]:
        """Persons whose keys were destroyed, by the list that a restore does not take back."""
        return Destroyed(self.settings.destroyed_path).all()

    def index_key_file(self) -> Path:
        return self.settings.blind_index_key_path

    def vault_files(self) -> VaultFiles:
        settings = self.settings
        return VaultFiles(
            public=settings.vault_public_key_path,
            private=settings.vault_private_key_path,
            locked=settings.vault_locked_keys_path,
            tenant=settings.tenant,
        )

    def _make_keys(self) -> None:
        settings = self.settings
        for folder in (settings.data, settings.keys_folder):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        make_seal_keys(settings.vault_public_key_path, settings.vault_private_key_path)
        make_seal_keys(settings.mail_public_key_path, settings.mail_private_key_path)
        load_or_make_index_key(settings.blind_index_key_path)
        self.signer()

    def _migrate(self, name: str, url: str) -> None:
        if self.state_of(name) is State.STRANGE:
            raise InstanceFault(f"the database {name!r} {HOW[State.STRANGE]}")
        with _engine(name, self.settings.vault_owner if name == "vault" else url) as engine:
            migrate(engine, name)
            if name == "vault":
                grant_serving(engine)

    def _require_current(self, name: str) -> None:
        state = self.state_of(name)
        if state is not State.CURRENT:
            raise InstanceFault(f"the database {name!r} {HOW[state]}")

    def state_of(self, name: str) -> State:
        """Raises InstanceFault: the database cannot be reached."""
        url = self.urls()[name]
        if _is_missing(url):
            return State.EMPTY
        with _engine(name, url) as engine:
            return state_of(engine, name)

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """Look into the main database, for commands that are not asynchronous.

        Raises:
            InstanceFault: it is not there, or at another version.
        """
        self._require_current("main")
        with _engine("main", self.settings.main_database) as engine, engine.connect() as tx:
            yield tx

    def make_new(self) -> None:
        """Make what a new instance lacks; a database that exists is left as it is.

        Raises:
            InstanceFault, BadKey, KeyFault: something that is there cannot be used.
        """
        self._make_keys()
        for name, url in self.urls().items():
            if self.state_of(name) is State.EMPTY:
                self._migrate(name, url)

    def open_objects(self) -> Objects:
        """Where pictures, audio and video lie."""
        settings = self.settings
        return open_objects(settings.media_store, settings.media_folder)

    def signer(self) -> Signer:
        """The key of the public log, made where there is none, and its mark.

        Raises:
            BadKey: the file is no signing key.
        """
        settings = self.settings
        key = SigningKey.load_or_create(settings.signing_key_path, origin=settings.public_log)
        return Signer(key, HighWaterMark(settings.high_water_mark_path))

    @property
    def is_alone(self) -> bool:
        """No other process may serve the same database."""
        return is_sqlite(self.settings.main_database)

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Hold the data folder for one serving process, where the database needs that.

        Raises:
            InstanceFault: another process serves it.
        """
        if not self.is_alone:
            yield
            return
        with (self.settings.data / "serving.lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise InstanceFault(
                    f"{self.settings.data} is being served already; on SQLite one process "
                    "holds the writer, the pages in memory and the live streams"
                ) from None
            self._clear_restoring()
            yield

    @contextmanager
    def restoring(self) -> Iterator[Path]:
        """An empty folder for what is put back. What one that was killed left goes first."""
        self._clear_restoring()
        self._restoring.mkdir(mode=0o700)
        try:
            yield self._restoring
        finally:
            self._clear_restoring()

    @property
    def _restoring(self) -> Path:
        return self.settings.data / "restoring"

    def _clear_restoring(self) -> None:
        shutil.rmtree(self._restoring, ignore_errors=True)


def is_sqlite(url: str) -> bool:
    return sa.make_url(url).get_backend_name() == "sqlite"


def _is_missing(url: str) -> bool:
    file = sa.make_url(url).database
    return is_sqlite(url) and file is not None and not Path(file).exists()


@contextmanager
def _engine(name: str, url: str) -> Iterator[sa.Engine]:
    """The engine of a database for the time of a migration or a look.

    Raises:
        InstanceFault: the database cannot be reached.
    """
    try:
        engine = Database(url).engine
    except OperationalError as error:
        raise InstanceFault(f"the database {name!r} cannot be opened: {error.orig}") from error
    try:
        yield engine.sql
    finally:
        engine.close()
        engine.dispose()
