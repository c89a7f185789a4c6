"""Bring a database to the newest step, and say how far it is."""

import enum

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

_LOCK = sa.text("SELECT pg_advisory_xact_lock(4774536)")


class State(enum.StrEnum):
    EMPTY = "empty"
    """No step was ever taken here."""
    CURRENT = "current"
    BEHIND = "behind"
    STRANGE = "strange"
    """At a step that this version does not know: a newer or an unreleased one made it."""


def migrate(engine: sa.Engine, database: str) -> None:
    """Take all missing steps in one transaction. Several processes may call it at once."""
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(_LOCK)
        config = config_of(database)
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def state_of(engine: sa.Engine, database: str) -> State:
    """How far the database is. Changes nothing."""
    script = ScriptDirectory.from_config(config_of(database))
    with engine.connect() as connection:
        reached = MigrationContext.configure(connection).get_current_revision()
    if reached is None:
        return State.EMPTY
    if reached == script.get_current_head():
        return State.CURRENT
    known = {step.revision for step in script.walk_revisions()}
    return State.BEHIND if reached in known else State.STRANGE


def config_of(database: str) -> Config:
    config = Config()
    config.set_main_option("script_location", "gentie:migrations")
    config.set_main_option("version_locations", f"gentie:migrations/versions/{database}")
    config.set_main_option("path_separator", "newline")
    return config
