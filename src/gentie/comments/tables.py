"""Tables of contributions, all keyed by thread first. Text is rendered when it is written.

`root_id` is 0 for a first comment. `shown` is 1 for what has a place in the public thread, so
that each order is one composite index. `hidden_at` is when it was removed or withdrawn.
"""

from typing import Any

import sqlalchemy as sa

from gentie.storage.schema import BY_VALUE, LOCAL, REFERENCE, THREAD_SCOPED, Id, UtcTime, metadata

ONCE_PUBLIC = "published_at IS NOT NULL AND form <> 'danmaku'"
"""What stands in a thread and was public. The index is used for these very words only."""
_ONCE_PUBLIC: Any = {
    "sqlite_where": sa.text(ONCE_PUBLIC),
    "postgresql_where": sa.text(ONCE_PUBLIC),
}

comments = sa.Table(
    "comment",
    metadata,
    sa.Column("thread_id", Id, primary_key=True, autoincrement=False),
    sa.Column("id", Id, primary_key=True, autoincrement=False),
    sa.Column("site_id", sa.Text, nullable=False),
    sa.Column("parent_id", Id),
    sa.Column("root_id", Id, nullable=False),
    sa.Column("form", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("shown", sa.Integer, nullable=False),
    sa.Column("author_id", sa.Text, nullable=False),
    sa.Column("author", sa.LargeBinary, nullable=False),
    sa.Column("origin", sa.Text, nullable=False),
    sa.Column("lang", sa.Text, nullable=False),
    sa.Column("revision", sa.Integer, nullable=False),
    sa.Column("latest", sa.Integer, nullable=False),
    sa.Column("nodes", sa.LargeBinary),
    sa.Column("html", sa.Text),
    sa.Column("plain", sa.Text),
    sa.Column("parts", sa.LargeBinary),
    sa.Column("created_at", UtcTime, nullable=False),
    sa.Column("published_at", UtcTime),
    sa.Column("edited_at", UtcTime),
    sa.Column("hidden_at", UtcTime),
    sa.Column("votes", sa.Integer, nullable=False),
    sa.Column("replies", sa.Integer, nullable=False),
    sa.Column("regime", sa.Text, nullable=False),
    sa.Column("policy", sa.Text, nullable=False),
    sa.Column("decision_id", Id),
    sa.Column("tombstone", sa.LargeBinary),
    sa.Column("receipt", sa.Text, nullable=False),
    sa.Index("ix_comment_time", "thread_id", "root_id", "shown", "id"),
    sa.Index("ix_comment_top", "thread_id", "root_id", "shown", "votes", "id"),
    sa.Index("ix_comment_author", "author_id", "thread_id", "id"),
    sa.Index("ix_comment_latest", "thread_id", "published_at", "id", **_ONCE_PUBLIC),
    sa.Index("ix_comment_latest_of_site", "site_id", "published_at", "id", **_ONCE_PUBLIC),
    info=THREAD_SCOPED,
)
revisions = sa.Table(
    "revision",
    metadata,
    sa.Column("thread_id", Id, primary_key=True, autoincrement=False),
    sa.Column("comment_id", Id, primary_key=True, autoincrement=False),
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("plain", sa.Text, nullable=False),
    sa.Column("nodes", sa.LargeBinary, nullable=False),
    sa.Column("html", sa.Text, nullable=False),
    sa.Column("kinds", sa.Text, nullable=False),
    sa.Column("parts", sa.LargeBinary, nullable=False),
    sa.Column("created_at", UtcTime, nullable=False),
    sa.Column("published_at", UtcTime),
    sa.Column("verdict", sa.LargeBinary, nullable=False),
    info=THREAD_SCOPED,
)
votes = sa.Table(
    "vote",
    metadata,
    sa.Column("thread_id", Id, primary_key=True, autoincrement=False),
    sa.Column("comment_id", Id, primary_key=True, autoincrement=False),
    sa.Column("voter", sa.Text, primary_key=True),
    sa.Column("account", sa.Text, nullable=False),
    sa.Column("at", UtcTime, nullable=False),
    sa.Index("ix_vote_account", "thread_id", "account"),
    info=THREAD_SCOPED,
)
"""`voter` is the verified person where the regime knows persons, else the account."""
tallies = sa.Table(
    "thread_tally",
    metadata,
    sa.Column("thread_id", Id, primary_key=True, autoincrement=False),
    sa.Column("published", sa.Integer, nullable=False),
    sa.Column("changed_at", UtcTime, nullable=False),
    info=THREAD_SCOPED,
)
"""How many contributions of a thread are public. Checked against a recount."""
archive_batches = sa.Table(
    "archive_batch",
    metadata,
    sa.Column("id", Id, primary_key=True, autoincrement=False),
    sa.Column("site_id", sa.Text, nullable=False),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("by", sa.Text, nullable=False),
    sa.Column("opened_at", UtcTime, nullable=False),
    sa.Column("approved_at", UtcTime),
    sa.Column("approved_by", sa.Text),
    sa.Column("approved_role", sa.Text),
    sa.Column("refused_at", UtcTime),
    sa.Column("refusal", sa.LargeBinary),
    sa.Column("salt", sa.LargeBinary),
    sa.Column("leaf", Id),
    info=REFERENCE,
)
"""What was imported together and is published or refused by one decision.

`refusal` is the record of a refusal as JSON; `salt` opens what the leaf of either commits to.
"""
archive_sources = sa.Table(
    "archive_source",
    metadata,
    sa.Column("site_id", sa.Text, primary_key=True),
    sa.Column("source", sa.Text, primary_key=True),
    sa.Column("source_id", sa.Text, primary_key=True),
    sa.Column("thread_id", Id, nullable=False),
    sa.Column("comment_id", Id, nullable=False),
    sa.Column("batch", Id, nullable=False),
    sa.Column("waits", sa.Integer, nullable=False),
    sa.Column("votes", sa.Integer),
    sa.Index("ix_archive_source_waiting", "batch", "waits", "thread_id", "comment_id"),
    info=BY_VALUE,
)
"""Which comment of which archive became which contribution: what is imported twice comes once.

`waits` is 1 until the decision on its batch, 2 for what a person looks at by itself, and 0 once the
decision on the batch was carried out. `votes` is what the old service had counted:
kept beside, for nobody here has voted.
"""
archive_authors = sa.Table(
    "archive_author",
    metadata,
    sa.Column("author", sa.Text, primary_key=True),
    sa.Column("site_id", sa.Text, nullable=False),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("account", sa.Text),
    sa.Column("claimed_at", UtcTime),
    sa.Column("erased_at", UtcTime),
    sa.Column("proof", sa.Text),
    sa.Column("salt", sa.LargeBinary),
    sa.Column("leaf", Id),
    sa.Index("ix_archive_author_site", "site_id", "author"),
    info=BY_VALUE,
)
"""Whom imported comments are shown under, and whether somebody has proven to be that.

Who claims has `account` and `claimed_at`; who has had theirs erased, `erased_at` and no `name`.
"""
claim_links = sa.Table(
    "archive_claim_link",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("author", sa.Text, nullable=False),
    sa.Column("made_by", sa.Text, nullable=False),
    sa.Column("made_at", UtcTime, nullable=False),
    sa.Column("expires_at", UtcTime, nullable=False),
    sa.Column("used_at", UtcTime),
    sa.Column("proof", sa.Text, nullable=False),
    info=BY_VALUE,
)
"""Links by which the operator lets somebody claim a name. Each works once."""
unsent = sa.Table(
    "unsent_comment",
    metadata,
    sa.Column("secret", sa.Text, primary_key=True),
    sa.Column("body", sa.LargeBinary, nullable=False),
    sa.Column("at", UtcTime, nullable=False),
    info=LOCAL,
)
"""Texts that wait for their authors to sign up, under the digest of a cookie. A day at most."""
claim_keys = sa.Table(
    "archive_claim_key",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("site_id", sa.Text, nullable=False),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("jwk", sa.Text, nullable=False),
    sa.Column("where", sa.Text, nullable=False),
    sa.Column("added_by", sa.Text, nullable=False),
    sa.Column("added_at", UtcTime, nullable=False),
    sa.Column("ended_at", UtcTime),
    sa.Index("ix_archive_claim_key_site", "site_id", "added_at"),
    info=BY_VALUE,
)
"""Public keys of old sites, whose word on who had which account there counts."""
claim_statements = sa.Table(
    "archive_claim_statement",
    metadata,
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("jti", sa.Text, primary_key=True),
    sa.Column("until", UtcTime, nullable=False),
    sa.Index("ix_archive_claim_statement_until", "until"),
    info=BY_VALUE,
)
"""Statements that were taken, so that none is taken twice. Until they would be too old anyway."""
