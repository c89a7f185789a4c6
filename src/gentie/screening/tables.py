"""Tables of screening."""

import sqlalchemy as sa

from gentie.storage.schema import LOCAL, metadata

rates = sa.Table(
    "rate_window",
    metadata,
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("full_ms", sa.BigInteger, nullable=False, index=True),
    info=LOCAL,
)
"""`full_ms`: the moment (Unix ms) until which the tries counted so far use the rate up."""
