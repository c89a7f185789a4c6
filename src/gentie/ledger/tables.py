"""Tables of the log. Entry bundles are not stored: they are the bodies of leaves in order."""

import sqlalchemy as sa

from gentie.storage.schema import LOCAL, Id, UtcTime, metadata

leaves = sa.Table(
    "ledger_leaf",
    metadata,
    sa.Column("id", Id, primary_key=True, autoincrement=False),
    sa.Column("body", sa.LargeBinary, nullable=False),
    sa.Column("at", UtcTime, nullable=False),
    sa.Column("idx", sa.BigInteger, unique=True),
    sa.Index(
        "ix_ledger_leaf_pending",
        "id",
        sqlite_where=sa.text("idx IS NULL"),
        postgresql_where=sa.text("idx IS NULL"),
    ),
    info=LOCAL,
)
tiles = sa.Table(
    "ledger_tile",
    metadata,
    sa.Column("level", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("n", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("hashes", sa.LargeBinary, nullable=False),
    info=LOCAL,
)
checkpoints = sa.Table(
    "ledger_checkpoint",
    metadata,
    # The key on the size is the last guard against two truths about the same tree.
    sa.Column("size", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("note", sa.Text, nullable=False),
    sa.Column("at", UtcTime, nullable=False),
    info=LOCAL,
)
earlier_logs = sa.Table(
    "ledger_earlier",
    metadata,
    sa.Column("origin", sa.Text, primary_key=True),
    sa.Column("vkey", sa.Text, nullable=False),
    sa.Column("note", sa.Text, nullable=False),
    sa.Column("at", UtcTime, nullable=False),
    info=LOCAL,
)
"""Names under which the same tree was signed before it moved here, and where each ended."""
