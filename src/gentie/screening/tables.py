"""Tables of screening."""

import sqlalchemy as sa

from gentie.storage.schema import LOCAL, REFERENCE, Id, UtcTime, metadata

rates = sa.Table(
    "rate_window",
    metadata,
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("full_ms", sa.BigInteger, nullable=False, index=True),
    info=LOCAL,
)
"""`full_ms`: the moment (Unix ms) until which the tries counted so far use the rate up."""
rule_sets = sa.Table(
    "screening_rule_set",
    metadata,
    sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("author", sa.Text, nullable=False),
    sa.Column("drafted_at", UtcTime, nullable=False),
    sa.Column("approved_by", sa.Text),
    sa.Column("approved_at", UtcTime),
    sa.Column("body", sa.LargeBinary, nullable=False),
    sa.Column("record", sa.LargeBinary),
    sa.Column("salt", sa.LargeBinary),
    sa.Column("leaf", Id),
    sa.CheckConstraint("approved_by <> author", name="ck_screening_rule_set_two_people"),
    sa.Index(
        "uq_screening_rule_set_live",
        "state",
        unique=True,
        sqlite_where=sa.text("state = 'live'"),
        postgresql_where=sa.text("state = 'live'"),
    ),
    info=REFERENCE,
)
"""`body` is the rule set as JSON, never changed. `record` and `salt` open what the leaf commits to.
Version 1 comes with the release and is in code (`rules.BUILT_IN`)."""
