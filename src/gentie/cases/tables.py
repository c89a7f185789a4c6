"""Tables of cases."""

import sqlalchemy as sa

from gentie.storage.schema import BY_VALUE, Id, UtcTime, metadata

cases = sa.Table(
    "case_file",
    metadata,
    sa.Column("id", Id, primary_key=True, autoincrement=False),
    sa.Column("number", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("site_id", sa.Text, nullable=False),
    sa.Column("subject", sa.Text, nullable=False),
    sa.Column("decision", Id),
    sa.Column("class_id", sa.Text, nullable=False),
    sa.Column("statement", sa.Text, nullable=False),
    sa.Column("filed_by", sa.Text),
    sa.Column("received_at", UtcTime, nullable=False),
    sa.Column("due_at", UtcTime, nullable=False),
    sa.Index("ix_case_file_queue", "site_id", "kind", "state", "received_at"),
    sa.Index("ix_case_file_subject", "subject"),
    info=BY_VALUE,
)
case_secrets = sa.Table(
    "case_secret",
    metadata,
    sa.Column("digest", sa.Text, primary_key=True),
    sa.Column("case_id", Id, nullable=False),
    info=BY_VALUE,
)
case_evidence = sa.Table(
    "case_evidence",
    metadata,
    sa.Column("case_id", Id, primary_key=True, autoincrement=False),
    sa.Column("sha256", sa.Text, nullable=False),
    sa.Column("body", sa.LargeBinary, nullable=False),
    info=BY_VALUE,
)
"""A copy of what the reporter had saved: it stays with the case when they delete their own."""
appeals_of = sa.Table(
    "appeal_of",
    metadata,
    sa.Column("decision_id", Id, primary_key=True, autoincrement=False),
    sa.Column("case_id", Id, nullable=False),
    info=BY_VALUE,
)
"""One appeal for each decision."""
