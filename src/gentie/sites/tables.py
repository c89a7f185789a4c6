"""Tables of sites. A key finds its thread through a table of its own, so that both can shard."""

import sqlalchemy as sa

from gentie.storage.schema import (
    BY_VALUE,
    REFERENCE,
    THREAD_SCOPED,
    Id,
    UtcTime,
    metadata,
)

sites = sa.Table(
    "site",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("regime", sa.Text, nullable=False),
    sa.Column("test", sa.Boolean, nullable=False),
    sa.Column("lang", sa.Text, nullable=False),
    sa.Column("origins", sa.JSON, nullable=False),
    sa.Column("token", sa.Text, nullable=False),
    sa.Column("created_at", UtcTime, nullable=False),
    info=REFERENCE,
)
site_regimes = sa.Table(
    "site_regime",
    metadata,
    sa.Column("site_id", sa.Text, primary_key=True),
    sa.Column("since", UtcTime, primary_key=True),
    sa.Column("regime", sa.Text, nullable=False),
    sa.Column("policy", sa.Text, nullable=False),
    sa.Column("by", sa.Text, nullable=False),
    info=REFERENCE,
)
"""Which regime a site was under, from when, chosen by whom."""
thread_keys = sa.Table(
    "thread_key",
    metadata,
    sa.Column("site_id", sa.Text, primary_key=True),
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("thread_id", Id, nullable=False),
    info=BY_VALUE,
)
threads = sa.Table(
    "thread",
    metadata,
    sa.Column("thread_id", Id, primary_key=True, autoincrement=False),
    sa.Column("site_id", sa.Text, nullable=False),
    sa.Column("key", sa.Text, nullable=False),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("url", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("mode", sa.Text, nullable=False),
    sa.Column("owner", sa.Text, nullable=False),
    sa.Column("declared", sa.Boolean, nullable=False),
    sa.Column("created_at", UtcTime, nullable=False),
    info=THREAD_SCOPED,
)
class_changes = sa.Table(
    "thread_class_change",
    metadata,
    sa.Column("thread_id", Id, primary_key=True, autoincrement=False),
    sa.Column("id", Id, primary_key=True, autoincrement=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("mode", sa.Text, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("by", sa.Text, nullable=False),
    sa.Column("by_role", sa.Text, nullable=False),
    sa.Column("at", UtcTime, nullable=False),
    sa.Column("salt", sa.LargeBinary, nullable=False),
    sa.Column("leaf", Id, nullable=False),
    info=THREAD_SCOPED,
)
"""Who made a thread what it is, and why. A site's own declaration has no reason."""
switches = sa.Table(
    "switch",
    metadata,
    sa.Column("id", Id, primary_key=True, autoincrement=False),
    sa.Column("site_id", sa.Text, nullable=False),
    sa.Column("thread", Id),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("by_role", sa.Text, nullable=False),
    sa.Column("by", sa.Text, nullable=False),
    sa.Column("since", UtcTime, nullable=False),
    sa.Column("until", UtcTime, nullable=False),
    sa.Column("lifted_at", UtcTime),
    sa.Column("salt", sa.LargeBinary, nullable=False),
    sa.Column("leaf", Id, nullable=False),
    sa.Index("ix_switch_site", "site_id", "until"),
    info=REFERENCE,
)
