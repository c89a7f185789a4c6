"""Tables of mail. A letter and its items wait in a queue of their own: mail is tried for a day."""

import sqlalchemy as sa

from gentie.storage.schema import ACCOUNT_SCOPED, BY_VALUE, LOCAL, Id, UtcTime, metadata

contacts = sa.Table(
    "mail_contact",
    metadata,
    sa.Column("account_id", sa.Text, primary_key=True),
    sa.Column("sealed", sa.LargeBinary, nullable=False),
    sa.Column("hint", sa.Text, nullable=False),
    sa.Column("mark", sa.Text, nullable=False, index=True),
    sa.Column("lang", sa.Text, nullable=False),
    sa.Column("replies", sa.Boolean, nullable=False),
    sa.Column("decisions", sa.Boolean, nullable=False),
    sa.Column("sign_in", sa.Boolean, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("asked_at", UtcTime, nullable=False),
    sa.Column("confirmed_at", UtcTime),
    info=ACCOUNT_SCOPED,
)
refusals = sa.Table(
    "mail_refusal",
    metadata,
    sa.Column("mark", sa.Text, primary_key=True),
    sa.Column("at", UtcTime, nullable=False),
    info=BY_VALUE,
)
"""Addresses that are never written to again, as keyed digests."""
letters = sa.Table(
    "mail_letter",
    metadata,
    sa.Column("account_id", sa.Text, primary_key=True),
    sa.Column("id", Id, primary_key=True, autoincrement=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("thread", Id),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("due_at", UtcTime, nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("error", sa.Text, nullable=False),
    sa.Column("lease", sa.Text),
    sa.Column("created_at", UtcTime, nullable=False),
    sa.Column("sent_at", UtcTime),
    sa.Index(
        "ix_mail_letter_due",
        "due_at",
        sqlite_where=sa.text("state = 'waiting'"),
        postgresql_where=sa.text("state = 'waiting'"),
    ),
    info=LOCAL,
)
links = sa.Table(
    "mail_sign_in",
    metadata,
    sa.Column("account_id", sa.Text, primary_key=True),
    sa.Column("letter", Id, primary_key=True, autoincrement=False),
    sa.Column("browser", sa.Text, nullable=False),  # digest
    sa.Column("back_to", sa.Text, nullable=False),
    sa.Column("expires_at", UtcTime, nullable=False, index=True),
    sa.Column("used_at", UtcTime),
    info=ACCOUNT_SCOPED,
)
"""Links to sign in by, each good for the browser that asked. What opens is in the letter alone."""
items = sa.Table(
    "mail_item",
    metadata,
    sa.Column("account_id", sa.Text, primary_key=True),
    sa.Column("kind", sa.Text, primary_key=True),
    sa.Column("about", sa.Text, primary_key=True),
    sa.Column("letter", Id, nullable=False),
    sa.Index("ix_mail_item_letter", "account_id", "letter"),
    info=LOCAL,
)
"""What a letter tells of: a comment or a decision. Each is told to a person once."""
