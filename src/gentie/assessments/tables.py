"""The register of features."""

import sqlalchemy as sa

from gentie.storage.schema import REFERENCE, UtcTime, metadata

features = sa.Table(
    "feature",
    metadata,
    sa.Column("site_id", sa.Text, primary_key=True),
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("assessment_id", sa.Text, nullable=False),
    sa.Column("online_at", UtcTime, nullable=False),
    sa.Column("by", sa.Text, nullable=False),
    info=REFERENCE,
)
