"""Tables of decisions. A decision is never changed; what reverses it is a decision of its own."""

import sqlalchemy as sa

from gentie.storage.schema import ACCOUNT_SCOPED, BY_VALUE, Id, UtcTime, metadata

decisions = sa.Table(
    "decision",
    metadata,
    sa.Column("id", Id, primary_key=True, autoincrement=False),
    sa.Column("site_id", sa.Text, nullable=False),
    sa.Column("thread", Id, nullable=False),
    sa.Column("comment", Id, nullable=False),
    sa.Column("revision", sa.Integer, nullable=False),
    sa.Column("author", sa.Text, nullable=False),
    sa.Column("measure", sa.Text, nullable=False),
    sa.Column("tier", sa.Text, nullable=False),
    sa.Column("class_id", sa.Text, nullable=False),
    sa.Column("clause", sa.Text, nullable=False),
    sa.Column("rule", sa.Text, nullable=False),
    sa.Column("automation", sa.Text, nullable=False),
    sa.Column("decided_by", sa.Text, nullable=False),
    sa.Column("seconded_by", sa.Text),
    sa.Column("decider_key", sa.LargeBinary, nullable=False),
    sa.Column("role", sa.Text, nullable=False),
    sa.Column("regime", sa.Text, nullable=False),
    sa.Column("policy", sa.Text, nullable=False),
    sa.Column("decided_at", UtcTime, nullable=False),
    sa.Column("confirm_before", UtcTime),
    sa.Column("reverses", Id),
    sa.Column("rests_on", Id),
    sa.Column("record", sa.LargeBinary, nullable=False),
    sa.Column("salt", sa.LargeBinary, nullable=False),
    sa.Column("commitment", sa.Text, nullable=False),
    sa.Column("leaf", Id, nullable=False),
    sa.Index("ix_decision_comment", "thread", "comment", "id"),
    sa.Index("ix_decision_author", "author", "id"),
    sa.Index("ix_decision_class", "site_id", "class_id", "id"),
    info=BY_VALUE,
)
"""`record` is the whole decision as JSON; the columns beside it are searched and checked.
`decided_by` stands here alone: `record` only commits to it, under `decider_key`."""
reversals = sa.Table(
    "reversal",
    metadata,
    sa.Column("decision_id", Id, primary_key=True, autoincrement=False),
    sa.Column("by_decision", Id, nullable=False),
    info=BY_VALUE,
)
"""A decision can be reversed once."""
confirmations = sa.Table(
    "confirmation",
    metadata,
    sa.Column("decision_id", Id, primary_key=True, autoincrement=False),
    sa.Column("confirmed_by", sa.Text, nullable=False),
    sa.Column("at", UtcTime, nullable=False),
    info=BY_VALUE,
)
"""Somebody else has looked at what a lone staff member decided."""
notices = sa.Table(
    "notice",
    metadata,
    sa.Column("account_id", sa.Text, primary_key=True),
    sa.Column("id", Id, primary_key=True, autoincrement=False),
    sa.Column("decision", Id),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("about", sa.Text, nullable=False),
    sa.Column("code", sa.Text, nullable=False),
    sa.Column("created_at", UtcTime, nullable=False),
    sa.Column("seen_at", UtcTime),
    info=ACCOUNT_SCOPED,
)
