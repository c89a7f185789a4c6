"""Tables of the vault's own database. Nothing outside this room and its acts reads them."""

import sqlalchemy as sa

from gentie.storage.schema import BY_VALUE, UtcTime, metadata

vault_metadata = sa.MetaData(naming_convention=metadata.naming_convention)

persons = sa.Table(
    "person",
    vault_metadata,
    sa.Column("key_version", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("digest", sa.Text, primary_key=True),
    sa.Column("person", sa.Text, nullable=False),
    sa.Column("first_seen_at", UtcTime, nullable=False),
    sa.Column("confirmed_at", UtcTime),  # when an account was seen to rest on it
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
