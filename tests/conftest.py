import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
import structlog
from hypothesis import settings

from gentie.kernel import chance
from gentie.migrations.schema import metadata_of
from gentie.storage.db import Database
from gentie.vault.tables import vault_metadata
from tests.demo_newsroom import demo_server as demo_server  # noqa: PLC0414 a fixture for all
from tests.engines import place_of, postgres_database, start_postgres, stop_postgres

RUN = "GENTIE_TEST_RUN"
"""Names this test run to all its processes: the controller's process id."""
LEASE = "_good_until"


settings.register_profile("ci", derandomize=True, deadline=None)
"""The same examples each time: what lands does not depend on luck. Elsewhere they vary."""
settings.register_profile("here", deadline=None)
settings.load_profile("ci" if "CI" in os.environ else "here")


IN_MEMORY = Path("/dev/shm")  # noqa: S108 each test gets a folder of its own in it
ENOUGH = 4 << 30
"""Bytes that a run may need at a time: what a test leaves goes with the test."""


def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        os.environ[RUN] = str(os.getpid())
        _keep_off_the_disk()


def _keep_off_the_disk() -> None:
    """Every test commits for good many times over: where there is memory, it does so there."""
    usable = IN_MEMORY.is_dir() and os.access(IN_MEMORY, os.W_OK)
    if usable and "TMPDIR" not in os.environ and shutil.disk_usage(IN_MEMORY).free >= ENOUGH:
        os.environ["TMPDIR"] = tempfile.tempdir = str(IN_MEMORY)


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """`auto`: half of the time is spent waiting, so a core can serve more than one.

    `logical`: one for each core, where every one has a browser and a newsroom of its own.
    """
    cores = os.cpu_count() or 2
    return cores if config.getoption("numprocesses") == "logical" else max(2, cores * 3 // 2)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The long ones spread over the first half: begun last, or all by one, the others wait."""
    slow = [item for item in items if item.get_closest_marker("slow")]
    quick = [item for item in items if not item.get_closest_marker("slow")]
    step = max(len(quick) // (2 * len(slow) + 1), 1)
    items.clear()
    for number, item in enumerate(quick):
        if slow and number % step == 0:
            items.append(slow.pop(0))
        items.append(item)
    items += slow


def pytest_sessionfinish(session: pytest.Session) -> None:
    """End the shared server when the controller of all workers is done."""
    if not hasattr(session.config, "workerinput"):
        stop_postgres(place_of(os.environ[RUN]))


@pytest.fixture(scope="session", autouse=True)
def no_logger_is_kept() -> Iterator[None]:
    """A logger kept for ever would write to the standard error of one test in all later ones."""
    configure = structlog.configure

    def configure_for_now(**given: Any) -> None:
        configure(**{**given, "cache_logger_on_first_use": False})

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(structlog, "configure", configure_for_now)
        yield


@pytest.fixture(autouse=True)
def logs_end_with_their_test() -> Iterator[None]:
    """What a command does to the logs ends with the test that ran it."""
    structlog.reset_defaults()
    yield
    structlog.reset_defaults()


@pytest.fixture(autouse=True)
def no_lease_outlives_its_test() -> Iterator[None]:
    """A worker number leased by a test, or for a whole file, ends here: nobody renews it."""
    setattr(chance, LEASE, None)
    yield
    setattr(chance, LEASE, None)


@pytest.fixture(scope="session")
def postgres_server() -> str:
    """One PostgreSQL server for the whole run, started by whoever needs it first."""
    return start_postgres(place_of(os.environ[RUN]))


@pytest.fixture(params=["sqlite", "postgresql"])
def kind_of_engine(request: pytest.FixtureRequest) -> str:
    """Each engine in turn, for everything that one test uses."""
    return str(request.param)


@pytest.fixture
def database_url(
    kind_of_engine: str, request: pytest.FixtureRequest, tmp_path: Path
) -> Iterator[str]:
    """A database without any table."""
    if kind_of_engine == "sqlite":
        yield f"sqlite:///{tmp_path}/empty.db"
    else:
        with postgres_database(request.getfixturevalue("postgres_server")) as url:
            yield url


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with all tables, made once in each process: copying is faster than creating."""
    file = tmp_path_factory.mktemp("template") / "gentie.db"
    engine = sa.create_engine(f"sqlite:///{file}")
    metadata_of("main").create_all(engine)
    engine.dispose()
    return file


@pytest.fixture(scope="session")
def postgres_template(postgres_server: str) -> Iterator[str]:
    """The same as a database of the server."""
    with postgres_database(postgres_server) as url:
        engine = sa.create_engine(url)
        metadata_of("main").create_all(engine)
        engine.dispose()
        yield sa.make_url(url).database or ""


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    shutil.copyfile(sqlite_template, tmp_path / "gentie.db")
    return f"sqlite:///{tmp_path}/gentie.db"


@pytest.fixture
def ready_url(kind_of_engine: str, request: pytest.FixtureRequest) -> Iterator[str]:
    """An empty database with all tables."""
    if kind_of_engine == "sqlite":
        yield request.getfixturevalue("sqlite_url")
    else:
        server = request.getfixturevalue("postgres_server")
        template = request.getfixturevalue("postgres_template")
        with postgres_database(server, template=template) as url:
            yield url


@pytest.fixture
async def db(ready_url: str) -> AsyncIterator[Database]:
    """An empty database with all tables, on each engine in turn."""
    db = Database(ready_url)
    yield db
    await db.close()


@pytest.fixture
async def sqlite_db(sqlite_url: str) -> AsyncIterator[Database]:
    """Only SQLite: for what does not depend on the engine."""
    db = Database(sqlite_url)
    yield db
    await db.close()


@pytest.fixture(scope="session")
def vault_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The vault's file with all tables, made once in each process."""
    file = tmp_path_factory.mktemp("template") / "vault.db"
    engine = sa.create_engine(f"sqlite:///{file}")
    vault_metadata.create_all(engine)
    engine.dispose()
    return file


@pytest.fixture
def vault_url(kind_of_engine: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A vault's empty database."""
    if kind_of_engine == "sqlite":
        shutil.copyfile(request.getfixturevalue("vault_template"), tmp_path / "vault.db")
        yield f"sqlite:///{tmp_path}/vault.db"
        return
    with postgres_database(request.getfixturevalue("postgres_server")) as url:
        engine = sa.create_engine(url)
        vault_metadata.create_all(engine)
        engine.dispose()
        yield url


@pytest.fixture
async def vault(vault_url: str) -> AsyncIterator[Database]:
    """The vault's own empty database, beside `db` and on the same kind of engine."""
    vault = Database(vault_url)
    yield vault
    await vault.close()


@pytest.fixture
async def sqlite_vault(vault_template: Path, tmp_path: Path) -> AsyncIterator[Database]:
    """The vault beside `sqlite_db`."""
    shutil.copyfile(vault_template, tmp_path / "vault.db")
    vault = Database(f"sqlite:///{tmp_path}/vault.db")
    yield vault
    await vault.close()
