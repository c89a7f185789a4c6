from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from gentie.ledger.keeping import Signer
from gentie.storage.db import Database
from gentie.storage.schema import metadata
from tests.engines import postgres_database
from tests.ledger.build import a_signer
from tests.moving.build import a_newsroom
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
    return a_signer(tmp_path / "keys", origin="old.example/log")


@pytest.fixture
def new_signer(tmp_path: Path) -> Signer:
    """Of the instance that is moved to."""
    return a_signer(tmp_path / "new-keys", origin="new.example/log")


@pytest.fixture
async def newsroom(db: Database, signer: Signer, tmp_path: Path) -> Database:
    with quickly():
        await a_newsroom(db, signer, tmp_path)
    return db
