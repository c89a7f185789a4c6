"""Tables of media. Bytes lie in an object store, under their digest."""

import sqlalchemy as sa

from gentie.storage.schema import BY_VALUE, Id, UtcTime, metadata

attachments = sa.Table(
    "attachment",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("site", sa.Text, nullable=False),
    sa.Column("account", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("kind", sa.Text),
    sa.Column("size", sa.BigInteger, nullable=False),
    sa.Column("sha256", sa.Text, nullable=False, index=True),
    sa.Column("alt", sa.Text, nullable=False),
    sa.Column("transcript", sa.Text, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("facts", sa.LargeBinary, nullable=False),
    sa.Column("variants", sa.LargeBinary, nullable=False),
    sa.Column("verdict", sa.LargeBinary, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("tries", sa.Integer, nullable=False),
    sa.Column("lease", sa.Text),
    sa.Column("lease_until", UtcTime),
    sa.Column("thread", Id),
    sa.Column("comment", Id),
    sa.Column("created_at", UtcTime, nullable=False),
    sa.Index("ix_attachment_waiting", "state", "lease_until"),
    sa.Index("ix_attachment_account", "account", "created_at"),
    sa.Index("ix_attachment_comment", "thread", "comment"),
    info=BY_VALUE,
)
"""What was uploaded. `thread` and `comment` are those that took it along, null before."""
objects = sa.Table(
    "media_object",
    metadata,
    sa.Column("attachment", sa.Text, primary_key=True),
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("sha256", sa.Text, nullable=False, index=True),
    info=BY_VALUE,
)
"""Which re-encoded bytes an attachment needs, so that those of another are not swept away."""
