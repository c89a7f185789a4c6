"""All tables. Written by `make migration`."""

import sqlalchemy as sa
from alembic import op

revision = "515127f5baf6"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "archive_contact",
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("expires_at", sa.DateTime(), nullable=False),
        sa.Column("blob", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("author", name=op.f("pk_archive_contact")),
        info={"class": "by_value"},
    )
    op.create_index(
        op.f("ix_archive_contact_expires_at"), "archive_contact", ["expires_at"], unique=False
    )
    op.create_table(
        "honey",
        sa.Column("mark", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("mark", name=op.f("pk_honey")),
        info={"class": "by_value"},
    )
    op.create_table(
        "network_record",
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("expires_at", sa.DateTime(), nullable=False),
        sa.Column("blob", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("reference", name=op.f("pk_network_record")),
        info={"class": "by_value"},
    )
    op.create_index(
        op.f("ix_network_record_expires_at"), "network_record", ["expires_at"], unique=False
    )
    op.create_table(
        "person",
        sa.Column("key_version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("sector", sa.Text(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("first_seen_at", sa.DateTime(), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(), nullable=True),
        sa.Column("held_until", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("key_version", "digest", name=op.f("pk_person")),
        info={"class": "by_value"},
    )
    op.create_index("ix_person_person", "person", ["person"], unique=False)
    op.create_table(
        "person_field",
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("blob", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("person", "field", name=op.f("pk_person_field")),
        info={"class": "by_value"},
    )
    op.create_table(
        "person_key",
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("public", sa.Text(), nullable=False),
        sa.Column("sealed_key", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("person", "key", name=op.f("pk_person_key")),
        info={"class": "by_value"},
    )
    op.create_table(
        "vault_audit",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_vault_audit")),
        sa.UniqueConstraint("reference", name=op.f("uq_vault_audit_reference")),
        info={"class": "local"},
    )
