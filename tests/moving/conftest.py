import asyncio
import shutil
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from gentie.ledger.keeping import Signer
from gentie.storage.db import Database
from gentie.storage.schema import metadata
from tests.engines import postgres_database
from tests.ledger.build import a_signer
from tests.moving.build import ORIGIN, a_newsroom, keep, written
from tests.whole import quickly


@contextmanager
def another_url(kind: str, request: pytest.FixtureRequest, folder: Path) -> Iterator[str]:
    if kind == "sqlite":
        yield f"sqlite:///{folder}/other.db"
    else:
        with postgres_database(request.getfixturevalue("postgres_server")) as url:
            yield url


@pytest.fixture
async def other(
    kind_of_engine: str, request: pytest.FixtureRequest, tmp_path: Path
) -> AsyncIterator[Database]:
    """An empty instance's database beside `db`, on the same engine."""
    with another_url(kind_of_engine, request, tmp_path) as url:
        db = Database(url)
        metadata.create_all(db.engine.sql)
        yield db
        await db.close()


@pytest.fixture
def signer(tmp_path: Path) -> Signer:
    """Of the instance that is left."""
    return a_signer(tmp_path / "keys", origin=ORIGIN)


@pytest.fixture
def new_signer(tmp_path: Path) -> Signer:
    """Of the instance that is moved to."""
    return a_signer(tmp_path / "new-keys", origin="new.example/log")


@pytest.fixture
async def newsroom(db: Database, signer: Signer, tmp_path: Path) -> Database:
    with quickly():
        await a_newsroom(db, signer, tmp_path)
    return db


@pytest.fixture(scope="session")
def old_place(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Path:
    """A folder with a newsroom in `gentie.db`, its keys in `keys`, and its export `daily.jsonl`."""
    folder = tmp_path_factory.mktemp("old")
    shutil.copyfile(sqlite_template, folder / "gentie.db")
    with quickly():
        asyncio.run(_fill(folder))
    return folder


async def _fill(folder: Path) -> None:
    db, signer = Database(f"sqlite:///{folder}/gentie.db"), a_signer(folder / "keys", ORIGIN)
    await a_newsroom(db, signer, folder)
    content = await written(db, signer)
    await db.close()
    keep(folder / "daily.jsonl", content)


@pytest.fixture
def content(old_place: Path) -> bytes:
    """The whole export of the newsroom."""
    return (old_place / "daily.jsonl").read_bytes()
