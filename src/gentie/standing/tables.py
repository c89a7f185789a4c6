"""Tables of standing. Other rooms are named by plain id."""

import sqlalchemy as sa

from gentie.storage.schema import ACCOUNT_SCOPED, BY_VALUE, Id, UtcTime, metadata

sanctions = sa.Table(
    "sanction",
    metadata,
    sa.Column("account_id", sa.Text, primary_key=True),
    sa.Column("id", Id, primary_key=True, autoincrement=False),
    sa.Column("site_id", sa.Text, nullable=False),
    sa.Column("measure", sa.Text, nullable=False),
    sa.Column("decision", Id, nullable=False),
    sa.Column("rests_on", Id, nullable=False),
    sa.Column("starts_at", UtcTime, nullable=False),
    sa.Column("ends_at", UtcTime),
    sa.Column("confirm_before", UtcTime),
    sa.Column("confirmed_by", sa.Text),
    sa.Column("lifted_at", UtcTime),
    sa.Column("affirmed_at", UtcTime),
    sa.UniqueConstraint("account_id", "rests_on", "measure"),
    sa.Index("ix_sanction_site", "site_id", "id"),
    info=ACCOUNT_SCOPED,
)
credit_events = sa.Table(
    "credit_event",
    metadata,
    sa.Column("account_id", sa.Text, primary_key=True),
    sa.Column("id", Id, primary_key=True, autoincrement=False),
    sa.Column("site_id", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("decision", Id),
    sa.Column("points", sa.Integer, nullable=False),
    sa.Column("policy", sa.Text, nullable=False),
    sa.Column("at", UtcTime, nullable=False),
    sa.UniqueConstraint("account_id", "decision", "kind"),
    sa.Index("ix_credit_event_site", "site_id", "id"),
    info=ACCOUNT_SCOPED,
)
bars = sa.Table(
    "bar",
    metadata,
    sa.Column("person", sa.Text, primary_key=True),
    sa.Column("decision", Id, primary_key=True, autoincrement=False),
    sa.Column("since", UtcTime, nullable=False),
    sa.Column("until", UtcTime, nullable=False),
    sa.Column("review_at", UtcTime, nullable=False),
    sa.Column("renewed_by", sa.Text),
    sa.Column("lifted_at", UtcTime),
    info=BY_VALUE,
)
"""The list of 2017-9.1c. A person is the opaque key of a keyed fingerprint, and nothing more."""
proposals = sa.Table(
    "measure_proposal",
    metadata,
    sa.Column("id", Id, primary_key=True, autoincrement=False),
    sa.Column("account_id", sa.Text, nullable=False),
    sa.Column("site_id", sa.Text, nullable=False),
    sa.Column("measure", sa.Text, nullable=False),
    sa.Column("rests_on", Id, nullable=False),
    sa.Column("message", sa.Text, nullable=False),
    sa.Column("proposed_by", sa.Text, nullable=False),
    sa.Column("role", sa.Text, nullable=False),
    sa.Column("proposed_at", UtcTime, nullable=False),
    sa.Column("expires_at", UtcTime, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("answered_by", sa.Text),
    sa.Index("ix_measure_proposal_state", "state", "site_id", "id"),
    info=BY_VALUE,
)
