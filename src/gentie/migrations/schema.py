"""All tables of a database, wherever in the house they are declared."""

import pkgutil
from importlib import import_module

import sqlalchemy as sa

import gentie
from gentie.storage.schema import metadata
from gentie.vault.tables import vault_metadata

_STORAGE = tuple(f"gentie.storage.{name}" for name in ("hints", "idempotency", "outbox", "workers"))

DATABASES = ("main", "vault")
"""Names of the databases. Each has its own line of steps."""


def metadata_of(database: str) -> sa.MetaData:
    """Every table of `database`, found by importing all modules called `tables`."""
    for module in (*_STORAGE, *_table_modules()):
        import_module(module)
    return {"main": metadata, "vault": vault_metadata}[database]


def _table_modules() -> list[str]:
    """Without importing what lies beside them: this runs at every start."""
    rooms = pkgutil.iter_modules(gentie.__path__)
    return [
        f"gentie.{room.name}.{inner.name}"
        for room in rooms
        if room.ispkg
        for inner in pkgutil.iter_modules([f"{path}/{room.name}" for path in gentie.__path__])
        if inner.name == "tables"
    ]
