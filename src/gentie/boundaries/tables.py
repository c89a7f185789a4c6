"""Tables of boundaries: each lives with the person who set it, or with the comment it is about."""

import sqlalchemy as sa

from gentie.storage.schema import ACCOUNT_SCOPED, THREAD_SCOPED, Id, UtcTime, metadata

people = sa.Table(
    "boundary_person",
    metadata,
    sa.Column("account_id", sa.Text, primary_key=True),
    sa.Column("person", sa.Text, primary_key=True),
    sa.Column("keep", sa.Text, nullable=False),
    sa.Column("since", UtcTime, nullable=False),
    info=ACCOUNT_SCOPED,
)
settings = sa.Table(
    "boundary_setting",
    metadata,
    sa.Column("account_id", sa.Text, primary_key=True),
    sa.Column("replies", sa.Text, nullable=False),
    sa.Column("protected_until", UtcTime),
    info=ACCOUNT_SCOPED,
)
limits = sa.Table(
    "boundary_reply",
    metadata,
    sa.Column("thread_id", Id, primary_key=True, autoincrement=False),
    sa.Column("comment_id", Id, primary_key=True, autoincrement=False),
    sa.Column("replies", sa.Text, nullable=False),
    info=THREAD_SCOPED,
)
"""What an author set for one comment."""
evidence = sa.Table(
    "evidence",
    metadata,
    sa.Column("account_id", sa.Text, primary_key=True),
    sa.Column("id", Id, primary_key=True, autoincrement=False),
    sa.Column("at", UtcTime, nullable=False, index=True),
    sa.Column("items", sa.Integer, nullable=False),
    sa.Column("sha256", sa.Text, nullable=False),
    sa.Column("body", sa.LargeBinary, nullable=False),
    info=ACCOUNT_SCOPED,
)
"""Bundles that a person saved. `body` is the very bytes that `sha256` is of."""
