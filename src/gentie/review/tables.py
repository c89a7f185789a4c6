"""The queue. Never spread over several databases: a queue is small, and everybody looks at it."""

import sqlalchemy as sa

from gentie.storage.schema import LOCAL, Id, UtcTime, metadata

items = sa.Table(
    "review_item",
    metadata,
    sa.Column("id", Id, primary_key=True, autoincrement=False),
    sa.Column("site_id", sa.Text, nullable=False),
    sa.Column("thread", Id, nullable=False),
    sa.Column("comment", Id, nullable=False),
    sa.Column("revision", sa.Integer, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("opened_at", UtcTime, nullable=False),
    sa.Column("due_at", UtcTime, nullable=False),
    sa.Column("claimed_by", sa.Text),
    sa.Column("lease_until", UtcTime),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("planned", sa.LargeBinary),
    sa.Column("decided_role", sa.Text, nullable=False),
    sa.Column("decided_measure", sa.Text, nullable=False),
    sa.Column("decided_at", UtcTime),
    sa.Index("ix_review_item_queue", "state", "opened_at", "id"),
    sa.Index("ix_review_item_decided", "site_id", "decided_at"),
    sa.Index("ix_review_item_comment", "thread", "comment"),
    info=LOCAL,
)
