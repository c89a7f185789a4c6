from collections.abc import Iterator
from pathlib import Path

import pytest

from gentie.accounts import passwords
from gentie.storage.db import Database
from gentie.vault import blind
from tests.web.account.build import Place


@pytest.fixture(autouse=True)
def _quick_hashes(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """What is slow on purpose need not be slow here; `tests/actions` pays the whole price."""
    for module in (passwords, blind):
        monkeypatch.setattr(module, "MEMORY_KIB", 64)
    passwords.nobodys.cache_clear()
    yield
    passwords.nobodys.cache_clear()


@pytest.fixture
def place(sqlite_db: Database, sqlite_vault: Database, tmp_path: Path) -> Place:
    """The service on SQLite: doors do not know the engine, and the acts are tested on both."""
    return Place(sqlite_db, sqlite_vault, tmp_path)


@pytest.fixture
def any_place(db: Database, vault: Database, tmp_path: Path) -> Place:
    """The service on each engine."""
    return Place(db, vault, tmp_path)
