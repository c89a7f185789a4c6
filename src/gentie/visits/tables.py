"""Tables of visits. Secrets are kept as digests; the session a visit hangs on as one too."""

import sqlalchemy as sa

from gentie.storage.schema import ACCOUNT_SCOPED, BY_VALUE, REFERENCE, UtcTime, metadata

offers = sa.Table(
    "visit_offer",
    metadata,
    sa.Column("code", sa.Text, primary_key=True),
    sa.Column("account", sa.Text, nullable=False),
    sa.Column("site", sa.Text, nullable=False),
    sa.Column("origin", sa.Text, nullable=False),
    sa.Column("door", sa.Text, nullable=False),
    sa.Column("challenge", sa.Text, nullable=False),
    sa.Column("session", sa.Text, nullable=False),
    sa.Column("expires_at", UtcTime, nullable=False, index=True),
    sa.Column("visit", sa.Text, nullable=False),
    info=BY_VALUE,
)
visits = sa.Table(
    "visit",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("account", sa.Text, nullable=False, index=True),
    sa.Column("site", sa.Text, nullable=False),
    sa.Column("origin", sa.Text, nullable=False),
    sa.Column("door", sa.Text, nullable=False),
    sa.Column("session", sa.Text, nullable=False),
    sa.Column("access", sa.Text, nullable=False),
    sa.Column("access_until", UtcTime, nullable=False),
    sa.Column("refresh", sa.Text, nullable=False),
    sa.Column("opened_at", UtcTime, nullable=False),
    sa.Column("ends_at", UtcTime, nullable=False, index=True),
    sa.Column("ended_at", UtcTime),
    info=BY_VALUE,
)
connections = sa.Table(
    "account_site",
    metadata,
    sa.Column("account_id", sa.Text, primary_key=True),
    sa.Column("site", sa.Text, primary_key=True),
    sa.Column("since", UtcTime, nullable=False),
    sa.Column("asks", sa.Boolean, nullable=False),
    info=ACCOUNT_SCOPED,
)
"""Sites that a person takes part on, so that they can be seen, and left."""
site_keys = sa.Table(
    "site_key",
    metadata,
    sa.Column("site_id", sa.Text, primary_key=True),
    sa.Column("kid", sa.Text, primary_key=True),
    sa.Column("alg", sa.Text, nullable=False),
    sa.Column("key", sa.LargeBinary, nullable=False),  # public, or a secret under lock
    sa.Column("since", UtcTime, nullable=False),
    info=REFERENCE,
)
site_users = sa.Table(
    "site_user",
    metadata,
    sa.Column("site", sa.Text, primary_key=True),
    sa.Column("mark", sa.Text, primary_key=True),  # keyed: the site's name for them is not kept
    sa.Column("account_id", sa.Text, nullable=False, index=True),
    sa.Column("since", UtcTime, nullable=False),
    info=BY_VALUE,
)
introductions = sa.Table(
    "site_introduction",
    metadata,
    sa.Column("site", sa.Text, primary_key=True),
    sa.Column("jti", sa.Text, primary_key=True),  # a token counts once
    sa.Column("handle", sa.Text, nullable=False),
    sa.Column("origin", sa.Text, nullable=False),
    sa.Column("mark", sa.Text, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("ends_at", UtcTime, nullable=False, index=True),
    sa.Index("ix_site_introduction_handle", "site", "handle"),
    info=BY_VALUE,
)
