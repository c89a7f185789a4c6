"""The SQL that puts a site into an empty instance, and sees that it is empty and true."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any, Final

import sqlalchemy as sa

from gentie.accounts import tables as accounts
from gentie.assessments.tables import features
from gentie.cases.tables import appeals_of, case_evidence, case_secrets, cases
from gentie.comments import tables as comments
from gentie.danmaku import tables as danmaku
from gentie.decisions import tables as decisions
from gentie.kernel.ids import SiteId
from gentie.ledger.tables import leaves
from gentie.media import tables as media
from gentie.moving.rows import Row
from gentie.moving.scope import MACHINERY, MOVES, STAYS
from gentie.privacy.tables import closures
from gentie.review.tables import items
from gentie.screening.tables import rule_sets
from gentie.sites import tables as sites
from gentie.standing.tables import sanctions

AT_ONCE: Final = 500
"""Rows of one table that are inserted together."""

_TABLES: Final = (
    accounts.accounts,
    accounts.acceptances,
    accounts.agreements,
    accounts.consents,
    accounts.names,
    accounts.verifications,
    appeals_of,
    case_evidence,
    case_secrets,
    cases,
    comments.archive_authors,
    closures,
    comments.archive_batches,
    comments.archive_sources,
    comments.comments,
    comments.revisions,
    comments.votes,
    decisions.confirmations,
    danmaku.placed,
    danmaku.rates,
    danmaku.segments,
    danmaku.streams,
    decisions.decisions,
    decisions.notices,
    decisions.reversals,
    features,
    items,
    media.attachments,
    media.objects,
    rule_sets,
    sanctions,
    sites.class_changes,
    sites.site_regimes,
    sites.sites,
    sites.switches,
    sites.thread_keys,
    sites.threads,
)
_INSERT: Final = {table: table.insert() for table in _TABLES}
_ANY: Final = {  # by name: which rooms this process has loaded must not matter
    name: sa.select(sa.literal(1)).select_from(sa.table(name)).limit(1)
    for name in sorted((MOVES | set(STAYS)) - MACHINERY)
}
_TOKEN: Final = (
    sites.sites.update()
    .where(sites.sites.c.id == sa.bindparam("b_site"))
    .values(token=sa.bindparam("digest"))
)
_PUBLIC: Final = (
    sa.select(  # scatter: right after a move, once
        comments.comments.c.thread_id,
        sa.func.count(),
        sa.bindparam("now", type_=sites.threads.c.created_at.type),
    )
    .where(comments.comments.c.state == "published", comments.comments.c.form != "danmaku")
    .group_by(comments.comments.c.thread_id)
)
_COUNT: Final = comments.tallies.insert().from_select(
    # scatter: right after a move, once
    ["thread_id", "published", "changed_at"],
    _PUBLIC,
)
_DECIDED: Final = (
    sa.select(
        decisions.decisions.c.id,
        decisions.decisions.c.record,
        decisions.decisions.c.salt,
        decisions.decisions.c.commitment,
        decisions.decisions.c.decided_by,
        decisions.decisions.c.decider_key,
        leaves.c.body,
    )
    .select_from(decisions.decisions.outerjoin(leaves, leaves.c.id == decisions.decisions.c.leaf))
    .order_by(decisions.decisions.c.id)
)
_TOMBSTONES: Final = (  # scatter: right after a move, once
    sa.select(
        comments.comments.c.thread_id,
        comments.comments.c.id,
        comments.comments.c.tombstone,
    ).where(comments.comments.c.tombstone.is_not(None))
)
_BODY: Final = sa.select(leaves.c.body).where(leaves.c.id == sa.bindparam("leaf"))


class Inserting:
    """Rows on their way in, some hundred at a time, in the order in which tables were first met."""

    def __init__(self, tx: sa.Connection) -> None:
        self._tx = tx
        self._waiting: dict[sa.Table, list[dict[str, Any]]] = defaultdict(list)

    def add(self, row: Row) -> None:
        table, values = row
        self._waiting[table].append(values)
        if len(self._waiting[table]) == AT_ONCE:
            self._insert(table)

    def finish(self) -> None:
        for table in self._waiting:
            self._insert(table)

    def _insert(self, table: sa.Table) -> None:
        if rows := self._waiting[table]:
            self._tx.execute(_INSERT[table], rows)
            self._waiting[table] = []


def filled_tables(tx: sa.Connection) -> list[str]:
    """Tables in which something is, but for those of the machinery."""
    return [name for name, look in _ANY.items() if tx.scalar(look) is not None]


def set_token(tx: sa.Connection, site: SiteId, digest: str) -> None:
    """Let the site's server in by a new token."""
    tx.execute(_TOKEN, {"b_site": site, "digest": digest})


def count_public(tx: sa.Connection, *, now: Any) -> None:
    """Count for each thread what is public: nothing was counted before."""
    tx.execute(_COUNT, {"now": now})


def decided(tx: sa.Connection) -> Iterator[Any]:
    """Every decision with the body of its leaf. `body` None: the log has no such leaf."""
    return iter(tx.execute(_DECIDED, execution_options={"yield_per": AT_ONCE}))


def tombstones(tx: sa.Connection) -> Iterator[Any]:
    """Every tombstone with where it stands."""
    return iter(tx.execute(_TOMBSTONES, execution_options={"yield_per": AT_ONCE}))


def leaf_body(tx: sa.Connection, leaf: str) -> bytes | None:
    found: bytes | None = tx.scalar(_BODY, {"leaf": leaf})
    return found
