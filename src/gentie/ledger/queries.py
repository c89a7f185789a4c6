"""Read models of the log."""

from collections.abc import Collection

import sqlalchemy as sa

from gentie.kernel.ids import LeafId
from gentie.ledger.tables import leaves
from gentie.storage.schema import Id

_INDEX = sa.select(leaves.c.idx).where(leaves.c.id == sa.bindparam("leaf", type_=Id))
_INDEXES = sa.select(leaves.c.id, leaves.c.idx).where(
    leaves.c.idx.is_not(None), leaves.c.id.in_(sa.bindparam("ids", expanding=True, type_=Id))
)


def index_of(tx: sa.Connection, leaf_id: LeafId) -> int | None:
    """The leaf's place in the log. None: not yet, or there is no such leaf."""
    return tx.scalar(_INDEX, {"leaf": leaf_id})


def indexes_of(tx: sa.Connection, leaf_ids: Collection[LeafId]) -> dict[LeafId, int]:
    """Places of those leaves that have one by now."""
    if not leaf_ids:
        return {}
    return {LeafId(row.id): row.idx for row in tx.execute(_INDEXES, {"ids": list(leaf_ids)})}
