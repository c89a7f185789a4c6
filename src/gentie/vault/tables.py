"""Tables of the vault's own database, and of the disclosures asked for, in the main one.

Nothing outside this room, its acts and the checks reads them.
"""

import sqlalchemy as sa

from gentie.storage.schema import BY_VALUE, LOCAL, Id, UtcTime, metadata

vault_metadata = sa.MetaData(naming_convention=metadata.naming_convention)

persons = sa.Table(
    "person",
    vault_metadata,
    sa.Column("key_version", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("digest", sa.Text, primary_key=True),
    sa.Column("sector", sa.Text, nullable=False),
    sa.Column("person", sa.Text, nullable=False),
    sa.Column("first_seen_at", UtcTime, nullable=False),
    sa.Column("confirmed_at", UtcTime),  # when an account was seen to rest on it
    sa.Column("held_until", UtcTime),  # known again until then, whatever is erased
    sa.Index("ix_person_person", "person"),
    info=BY_VALUE,
)
archive_contacts = sa.Table(
    "archive_contact",
    vault_metadata,
    sa.Column("author", sa.Text, primary_key=True),
    sa.Column("at", UtcTime, nullable=False),
    sa.Column("expires_at", UtcTime, nullable=False, index=True),
    sa.Column("blob", sa.LargeBinary, nullable=False),
    info=BY_VALUE,
)
"""How an old service could reach somebody, sealed; only where the operator asked for it."""
network_records = sa.Table(
    "network_record",
    vault_metadata,
    sa.Column("reference", sa.Text, primary_key=True),
    sa.Column("subject", sa.Text, nullable=False),
    sa.Column("at", UtcTime, nullable=False),
    sa.Column("expires_at", UtcTime, nullable=False, index=True),
    sa.Column("blob", sa.LargeBinary, nullable=False),
    info=BY_VALUE,
)
person_keys = sa.Table(
    "person_key",
    vault_metadata,
    sa.Column("person", sa.Text, primary_key=True),
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("public", sa.Text, nullable=False),
    sa.Column("sealed_key", sa.LargeBinary, nullable=False),
    sa.Column("at", UtcTime, nullable=False),
    info=BY_VALUE,
)
person_fields = sa.Table(
    "person_field",
    vault_metadata,
    sa.Column("person", sa.Text, primary_key=True),
    sa.Column("field", sa.Text, primary_key=True),
    sa.Column("key", sa.Text, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("blob", sa.LargeBinary, nullable=False),
    info=BY_VALUE,
)
audit = sa.Table(
    "vault_audit",
    vault_metadata,
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("reference", sa.Text, nullable=False, unique=True),  # the same is entered once
    sa.Column("at", UtcTime, nullable=False),
    sa.Column("event", sa.Text, nullable=False),
    sa.Column("record", sa.Text, nullable=False),  # commitment, never what it commits to
    sa.Column("before", sa.Text, nullable=False),
    sa.Column("digest", sa.Text, nullable=False),
    info=LOCAL,
)
honey = sa.Table(
    "honey",
    vault_metadata,
    sa.Column("mark", sa.Text, primary_key=True),  # keyed: the table does not say which persons
    info=BY_VALUE,
)
disclosures = sa.Table(
    "disclosure",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("case", sa.Text, nullable=False),
    sa.Column("basis", sa.Text, nullable=False),
    sa.Column("account", sa.Text, nullable=False, index=True),
    sa.Column("comment", sa.Text, nullable=False),
    sa.Column("person", sa.Text, nullable=False),
    sa.Column("fields", sa.JSON, nullable=False),
    sa.Column("asked_by", sa.Text, nullable=False),
    sa.Column("asked_role", sa.Text, nullable=False),
    sa.Column("asked_at", UtcTime, nullable=False),
    sa.Column("ends_at", UtcTime, nullable=False),
    sa.Column("needs", sa.Integer, nullable=False),
    sa.Column("bar_until", UtcTime),
    sa.Column("bar_basis", sa.Text, nullable=False),
    sa.Column("refused_at", UtcTime),
    sa.Column("ticket", sa.Text, unique=True),  # digest
    sa.Column("ticket_until", UtcTime),
    sa.Column("opened_at", UtcTime, index=True),
    sa.Column("salt", sa.LargeBinary, nullable=False),
    info=LOCAL,
)
approvals = sa.Table(
    "disclosure_approval",
    metadata,
    sa.Column("disclosure", sa.Text, primary_key=True),
    sa.Column("by", sa.Text, primary_key=True),
    sa.Column("role", sa.Text, nullable=False),
    sa.Column("outside", sa.Boolean, nullable=False),
    sa.Column("yes", sa.Boolean, nullable=False),
    sa.Column("at", UtcTime, nullable=False),
    info=LOCAL,
)
erasures = sa.Table(
    "identity_erasure",
    metadata,
    sa.Column("person", sa.Text, primary_key=True),
    sa.Column("account", sa.Text, nullable=False, index=True),
    sa.Column("asked_at", UtcTime, nullable=False),
    sa.Column("destroyed_at", UtcTime),
    info=BY_VALUE,
)
reported_months = sa.Table(
    "disclosure_month",
    metadata,
    sa.Column("month", sa.Text, primary_key=True),
    sa.Column("count", sa.Integer, nullable=False),
    sa.Column("leaf", Id),
    info=LOCAL,
)
