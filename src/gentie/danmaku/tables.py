"""Tables of danmaku, all keyed by thread first. The words are in `comments`."""

import sqlalchemy as sa

from gentie.storage.schema import THREAD_SCOPED, Id, UtcTime, metadata

placed = sa.Table(
    "danmaku",
    metadata,
    sa.Column("thread_id", Id, primary_key=True, autoincrement=False),
    sa.Column("id", Id, primary_key=True, autoincrement=False),
    sa.Column("t_ms", sa.Integer, nullable=False),
    sa.Column("mode", sa.Text, nullable=False),
    sa.Column("colour", sa.Integer, nullable=False),
    sa.Column("shown", sa.Integer, nullable=False),
    sa.Index("ix_danmaku_time", "thread_id", "shown", "t_ms", "id"),
    info=THREAD_SCOPED,
)
"""`id` is that of the contribution. `shown` is 1 while it is public."""
segments = sa.Table(
    "danmaku_segment",
    metadata,
    sa.Column("thread_id", Id, primary_key=True, autoincrement=False),
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("rev", sa.Integer, nullable=False),
    sa.Column("count", sa.Integer, nullable=False),
    info=THREAD_SCOPED,
)
"""How often two minutes of a video have changed, and how many lines are public in them."""
rates = sa.Table(
    "danmaku_rate",
    metadata,
    sa.Column("thread_id", Id, primary_key=True, autoincrement=False),
    sa.Column("since", UtcTime, primary_key=True),
    sa.Column("one_in", sa.Integer, nullable=False),
    info=THREAD_SCOPED,
)
"""Which part of the lines those who followed were sent, whenever it changed."""
streams = sa.Table(
    "danmaku_stream",
    metadata,
    sa.Column("thread_id", Id, primary_key=True, autoincrement=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("started_at", UtcTime),
    sa.Column("delay_ms", sa.Integer, nullable=False),
    info=THREAD_SCOPED,
)
"""What a thread's video is, where its site has said more than its class."""
