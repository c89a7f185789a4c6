"""Write the one initial step of a database from its tables: `make migration`.

Only while there is no release; afterwards each change is a step of its own that is never edited.
The step's name is a digest of what it does, so a database of an older draft is recognised.
"""

import hashlib
import inspect
import textwrap
from pathlib import Path
from typing import Any, Literal

import sqlalchemy as sa
from alembic.autogenerate import compare_metadata, produce_migrations, render_python_code
from alembic.operations.ops import UpgradeOps
from alembic.runtime.migration import MigrationContext

from gentie.migrations.schema import DATABASES, metadata_of
from gentie.storage.schema import Id

_HERE = Path(__file__).parent

_STEP = '''"""All tables. Written by `make migration`."""

import sqlalchemy as sa
from alembic import op

revision = "{revision}"
down_revision = None


def upgrade() -> None:
{body}
'''


def write_initial_step(database: str) -> Path:
    """Replace the initial step. Returns the file."""
    body = _body(metadata_of(database))
    revision = hashlib.sha256(body.encode()).hexdigest()[:12]
    file = _HERE / "versions" / database / "initial.py"
    file.write_text(_STEP.format(revision=revision, body=textwrap.indent(body, "    ")))
    return file


def drift_of(connection: sa.Connection, database: str) -> list[Any]:
    """What a migrated database lacks or has beyond the tables. Empty: nothing."""
    return list(compare_metadata(_context(connection), metadata_of(database)))


def _body(metadata: sa.MetaData) -> str:
    with sa.create_engine("sqlite://").connect() as connection:
        script = produce_migrations(_context(connection), metadata)
    steps = script.upgrade_ops or UpgradeOps()
    code = render_python_code(
        steps,
        sqlalchemy_module_prefix="sa.",
        alembic_module_prefix="op.",
        render_item=_render_item,
    )
    return "\n".join(line for line in inspect.cleandoc(code).splitlines() if "# ###" not in line)


def _context(connection: sa.Connection) -> MigrationContext:
    return MigrationContext.configure(connection, opts={"compare_type": True})


def _render_item(kind: str, item: Any, _: object) -> str | Literal[False]:
    """Plain column types: a step must not change its meaning with our code."""
    if kind == "type" and isinstance(item, sa.TypeDecorator):
        plain = f"sa.{item.impl_instance!r}"
        return f'{plain}.with_variant(sa.Integer(), "sqlite")' if isinstance(item, Id) else plain
    return False


if __name__ == "__main__":
    for name in DATABASES:
        write_initial_step(name)
