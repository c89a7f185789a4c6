"""A migrated database has exactly the tables that the code uses, on both engines."""

import pkgutil
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from pathlib import Path

import pytest
import sqlalchemy as sa

import gentie
from gentie.migrations.schema import DATABASES, metadata_of
from gentie.migrations.steps import State, migrate, state_of
from gentie.migrations.writing import drift_of, write_initial_step
from gentie.storage.db import Database
from gentie.storage.schema import metadata


@pytest.fixture(params=DATABASES)
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


async def test_a_migrated_database_has_no_drift(database_url: str, name: str) -> None:
    db = Database(database_url)
    try:
        migrate(db.engine.sql, name)
        with db.engine.sql.connect() as connection:
            assert drift_of(connection, name) == []
    finally:
        await db.close()


async def test_drift_is_seen(database_url: str) -> None:
    db = Database(database_url)
    try:
        migrate(db.engine.sql, "main")
        with db.engine.sql.begin() as connection:
            connection.execute(sa.text("ALTER TABLE message ADD COLUMN more TEXT"))
            connection.execute(sa.text("DROP INDEX ix_message_due"))
        with db.engine.sql.connect() as connection:
            assert {found[0] for found in drift_of(connection, "main")} == {
                "remove_column",
                "add_index",
            }
    finally:
        await db.close()


async def test_migrating_again_or_at_once_changes_nothing(database_url: str, name: str) -> None:
    db = Database(database_url)
    try:
        assert state_of(db.engine.sql, name) is State.EMPTY
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(lambda _: migrate(db.engine.sql, name), range(4)))
        assert state_of(db.engine.sql, name) is State.CURRENT
    finally:
        await db.close()


async def test_a_database_of_another_version_is_recognised(database_url: str) -> None:
    db = Database(database_url)
    try:
        migrate(db.engine.sql, "main")
        with db.engine.sql.begin() as connection:
            connection.execute(sa.text("UPDATE alembic_version SET version_num = 'ffff'"))
        assert state_of(db.engine.sql, "main") is State.STRANGE
    finally:
        await db.close()


def test_the_step_is_what_make_migration_writes(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shipped = Path(write_initial_step.__code__.co_filename).parent / f"versions/{name}/initial.py"
    monkeypatch.setattr("gentie.migrations.writing._HERE", tmp_path)
    (tmp_path / "versions" / name).mkdir(parents=True)

    written = write_initial_step(name)

    assert _revision(written) == _revision(shipped)


def test_every_table_of_the_house_is_in_a_step() -> None:
    known = {table for name in DATABASES for table in metadata_of(name).tables}
    for module in pkgutil.walk_packages(gentie.__path__, "gentie."):
        if not module.name.startswith(("gentie.migrations.env", "gentie.migrations.versions")):
            import_module(module.name)

    assert set(metadata.tables) <= known


def _revision(file: Path) -> str:
    return next(line for line in file.read_text().splitlines() if line.startswith("revision"))
