"""Tables of privacy."""

import sqlalchemy as sa

from gentie.storage.schema import ACCOUNT_SCOPED, BY_VALUE, LOCAL, REFERENCE, Id, UtcTime, metadata

processing_rules = sa.Table(
    "processing_rules",
    metadata,
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("in_force_from", UtcTime, nullable=False),
    sa.Column("lines", sa.LargeBinary, nullable=False),  # JSON of list[Line]
    info=REFERENCE,
)
"""Every version of the rules that was ever in force here."""
rules_seen = sa.Table(
    "rules_seen",
    metadata,
    sa.Column("account_id", sa.Text, primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("at", UtcTime, nullable=False),
    info=ACCOUNT_SCOPED,
)
closures = sa.Table(
    "account_closure",
    metadata,
    sa.Column("account_id", sa.Text, primary_key=True),
    sa.Column("closed_at", UtcTime, nullable=False, index=True),
    sa.Column("comments", sa.Text, nullable=False),
    sa.Column("cleared_at", UtcTime),
    info=ACCOUNT_SCOPED,
)
requests = sa.Table(
    "rights_request",
    metadata,
    sa.Column("number", sa.Text, primary_key=True),
    sa.Column("account", sa.Text, nullable=False, index=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("statement", sa.Text, nullable=False),
    sa.Column("answer", sa.Text, nullable=False),
    sa.Column("received_at", UtcTime, nullable=False),
    sa.Column("due_at", UtcTime, nullable=False),
    sa.Column("answered_at", UtcTime),
    sa.Column("answered_by", sa.Text),
    sa.Column("answered_role", sa.Text, nullable=False),
    sa.Index("ix_rights_request_state", "state", "due_at"),
    info=BY_VALUE,
)
holds = sa.Table(
    "legal_hold",
    metadata,
    sa.Column("number", sa.Text, primary_key=True),
    sa.Column("account", sa.Text, nullable=False, index=True),
    sa.Column("why", sa.Text, nullable=False),
    sa.Column("basis", sa.Text, nullable=False),
    sa.Column("by", sa.Text, nullable=False),
    sa.Column("by_role", sa.Text, nullable=False),
    sa.Column("since", UtcTime, nullable=False),
    sa.Column("until", UtcTime, nullable=False),
    sa.Column("bar_until", UtcTime),
    sa.Column("ended_at", UtcTime),
    info=BY_VALUE,
)
deletions = sa.Table(
    "deletion",
    metadata,
    sa.Column("id", Id, primary_key=True, autoincrement=False),
    sa.Column("data", sa.Text, nullable=False),
    sa.Column("rows", sa.Integer, nullable=False),
    sa.Column("upto", UtcTime, nullable=False),
    sa.Column("at", UtcTime, nullable=False),
    sa.Column("salt", sa.LargeBinary, nullable=False),
    sa.Column("commitment", sa.Text, nullable=False),
    sa.Column("leaf", Id, nullable=False),
    sa.Index("ix_deletion_data", "data", "at"),
    info=LOCAL,
)
"""Proof of what was deleted. `salt` opens what the leaf commits to. No content, nobody's name."""
leaks = sa.Table(
    "leak",
    metadata,
    sa.Column("number", sa.Text, primary_key=True),
    sa.Column("record", sa.LargeBinary, nullable=False),  # JSON of Leak
    sa.Column("recorded_at", UtcTime, nullable=False, index=True),
    sa.Column("salt", sa.LargeBinary, nullable=False),
    sa.Column("commitment", sa.Text, nullable=False),
    sa.Column("leaf", Id, nullable=False),
    info=LOCAL,
)
leak_entries = sa.Table(
    "leak_entry",
    metadata,
    sa.Column("leak", sa.Text, primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("record", sa.LargeBinary, nullable=False),  # JSON of Entry
    sa.Column("salt", sa.LargeBinary, nullable=False),
    sa.Column("commitment", sa.Text, nullable=False),
    sa.Column("leaf", Id, nullable=False),
    info=LOCAL,
)
leak_persons = sa.Table(
    "leak_person",
    metadata,
    sa.Column("account_id", sa.Text, primary_key=True),
    sa.Column("leak", sa.Text, primary_key=True),
    sa.Column("told_at", UtcTime),
    sa.Index("ix_leak_person_leak", "leak", "account_id"),
    info=ACCOUNT_SCOPED,
)
"""Rows of the register are added and never changed, but for who has been told."""
impacts = sa.Table(
    "impact_assessment",
    metadata,
    sa.Column("number", sa.Text, primary_key=True),
    sa.Column("purpose", sa.Text, nullable=False),
    sa.Column("at", UtcTime, nullable=False),
    sa.Column("record", sa.LargeBinary, nullable=False),  # JSON of Impact
    sa.Column("salt", sa.LargeBinary, nullable=False),
    sa.Column("commitment", sa.Text, nullable=False),
    sa.Column("leaf", Id, nullable=False),
    sa.Index("ix_impact_assessment_purpose", "purpose", "at"),
    info=LOCAL,
)
"""Rows are added and never changed."""
