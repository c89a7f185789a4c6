"""All tables. Written by `make migration`."""

import sqlalchemy as sa
from alembic import op

revision = "df73b3670941"
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
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("first_seen_at", sa.DateTime(), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("key_version", "digest", name=op.f("pk_person")),
        info={"class": "by_value"},
    )
