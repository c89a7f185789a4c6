import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from gentie.storage.db import Database
from gentie.storage.schema import metadata
from gentie.vault.tables import vault_metadata
from tests.engines import place_of, postgres_database, start_postgres, stop_postgres

RUN = "GENTIE_TEST_RUN"
"""Names this test run to all its processes: the controller's process id."""


def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        os.environ[RUN] = str(os.getpid())


def pytest_sessionfinish(session: pytest.Session) -> None:
    """End the shared server when the controller of all workers is done."""
    if not hasattr(session.config, "workerinput"):
        stop_postgres(place_of(os.environ[RUN]))


@pytest.fixture(scope="session")
def postgres_server() -> str:
    """One PostgreSQL server for the whole run, started by whoever needs it first."""
    return start_postgres(place_of(os.environ[RUN]))


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/gentie.db"
    else:
        with postgres_database(request.getfixturevalue("postgres_server")) as url:
            yield url


@pytest.fixture
async def db(database_url: str) -> AsyncIterator[Database]:
    """An empty database with all tables, on each engine in turn."""
    db = Database(database_url)
    metadata.create_all(db.engine.sql)
    yield db
    await db.close()


@pytest.fixture
async def sqlite_db(tmp_path: Path) -> AsyncIterator[Database]:
    """Only SQLite: for what does not depend on the engine."""
    db = Database(f"sqlite:///{tmp_path}/gentie.db")
    metadata.create_all(db.engine.sql)
    yield db
    await db.close()


@pytest.fixture
async def vault(
    database_url: str, request: pytest.FixtureRequest, tmp_path: Path
) -> AsyncIterator[Database]:
    """The vault's own empty database, beside `db` and on the same kind of engine."""
    if database_url.startswith("sqlite"):
        opened = Database(f"sqlite:///{tmp_path}/vault.db")
        vault_metadata.create_all(opened.engine.sql)
        yield opened
        await opened.close()
        return
    with postgres_database(request.getfixturevalue("postgres_server")) as url:
        opened = Database(url)
        vault_metadata.create_all(opened.engine.sql)
        yield opened
        await opened.close()
