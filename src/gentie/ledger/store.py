"""The SQL that writes the log. Leaves come in with the act that they record."""

from datetime import datetime

import sqlalchemy as sa

from gentie.kernel.chance import new_id
from gentie.kernel.ids import LeafId
from gentie.ledger.leaf import Leaf, encode
from gentie.ledger.tables import leaves

_APPEND = leaves.insert()


def append(tx: sa.Connection, leaf: Leaf, *, now: datetime) -> LeafId:
    """Add a leaf in the transaction of the act that it records; it stands or falls with it.

    It gets its place in the log within two seconds (`queries.index_of`).

    Raises:
        Unfit: the leaf holds what the public must not see; nothing was written.
    """
    leaf_id = new_id()
    tx.execute(_APPEND, {"id": leaf_id, "body": encode(leaf), "at": now, "idx": None})
    return LeafId(leaf_id)
