"""The SQL that writes the log. Leaves come in with the act that they record.

Giving leaves their place is a transaction of its own, and signing comes after its commit: what is
signed has been durable before, so no crash can leave a signature without its tree.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from gentie.kernel.chance import new_id
from gentie.kernel.ids import LeafId
from gentie.ledger import queries
from gentie.ledger.leaf import Leaf, encode
from gentie.ledger.note import read_checkpoint
from gentie.ledger.tables import checkpoints, earlier_logs, leaves, tiles
from gentie.ledger.tree import grown, leaf_hash
from gentie.storage.prepared import Prepared
from gentie.storage.schema import Id

_LOCK = sa.select(sa.func.pg_advisory_xact_lock(0x6C_6F_67))
"""One sequencer at a time. SQLite needs none: an act holds the only write lock there."""
_APPEND_MANY = leaves.insert()
_APPEND = Prepared(_APPEND_MANY)
_PENDING = (
    sa.select(leaves.c.id, leaves.c.body)
    .where(leaves.c.idx.is_(None))
    .order_by(leaves.c.id)
    .limit(sa.bindparam("most", type_=sa.Integer))
)
_PLACE = (
    leaves.update()
    .where(leaves.c.id == sa.bindparam("b_id", type_=Id))
    .values(idx=sa.bindparam("place"))
)


_KEEP_EARLIER = earlier_logs.insert()


def _upsert(insert: sqlite.Insert | postgresql.Insert) -> sa.Executable:
    return insert.on_conflict_do_update(
        index_elements=[tiles.c.level, tiles.c.n], set_={"hashes": insert.excluded.hashes}
    )


_KEEP_TILE = {
    "sqlite": _upsert(sqlite.insert(tiles)),
    "postgresql": _upsert(postgresql.insert(tiles)),
}
_PUBLISH = {
    "sqlite": sqlite.insert(checkpoints).on_conflict_do_nothing(),
    "postgresql": postgresql.insert(checkpoints).on_conflict_do_nothing(),
}


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """A leaf that moves here with the log it was in."""

    id: LeafId | None
    """None: nothing here names it."""
    body: bytes
    at: datetime
    index: int | None
    """None: it had no place yet."""


def append(tx: sa.Connection, leaf: Leaf, *, now: datetime) -> LeafId:
    """Add a leaf in the transaction of the act that it records; it stands or falls with it.

    It gets its place in the log within two seconds (`queries.index_of`).

    Raises:
        Unfit: the leaf holds what the public must not see; nothing was written.
    """
    leaf_id = new_id()
    _APPEND.run(tx, {"id": leaf_id, "body": encode(leaf), "at": now, "idx": None})
    return LeafId(leaf_id)


def place_pending(tx: sa.Connection, *, most: int) -> int:
    """Give up to `most` waiting leaves the next places, by id. Returns how many.

    Exactly the leaves that were read: on PostgreSQL a smaller id may be committed later.
    """
    lock(tx)
    waiting = tx.execute(_PENDING, {"most": most}).all()
    if waiting:
        size = queries.size_of(tx)
        places = [{"b_id": row.id, "place": size + i} for i, row in enumerate(waiting)]
        tx.execute(_PLACE, places)
        _grow(tx, size, (row.body for row in waiting))
    return len(waiting)


def restore(tx: sa.Connection, bodies: list[bytes], *, now: datetime) -> None:
    """Put entries that a copy of the log has kept at their places behind the present ones."""
    size = queries.size_of(tx)
    rows = [
        {"id": new_id(), "body": body, "at": now, "idx": size + i} for i, body in enumerate(bodies)
    ]
    if rows:
        tx.execute(_APPEND_MANY, rows)
        _grow(tx, size, bodies)


def bring(tx: sa.Connection, entries: Sequence[Entry]) -> None:
    """Put entries that moved here from another instance behind the present ones, places kept.

    Those without a place wait for one, as they did there.
    """
    size = queries.size_of(tx)
    rows = [
        {"id": one.id or new_id(), "body": one.body, "at": one.at, "idx": one.index}
        for one in entries
    ]
    if rows:
        tx.execute(_APPEND_MANY, rows)
        _grow(tx, size, [one.body for one in entries if one.index is not None])


def keep_earlier(tx: sa.Connection, log: queries.Earlier) -> None:
    """Remember under which name and key the log was signed before."""
    tx.execute(_KEEP_EARLIER, msgspec.structs.asdict(log))


def publish(tx: sa.Connection, note: str, *, now: datetime) -> None:
    """Show a signed checkpoint. One of this size that is there already stays."""
    row = {"size": read_checkpoint(note).size, "note": note, "at": now}
    tx.execute(_PUBLISH[tx.dialect.name], row)


def lock(tx: sa.Connection) -> None:
    """Keep other sequencers out until this transaction ends. Before the first read."""
    if tx.dialect.name == "postgresql":
        tx.execute(_LOCK)


def _grow(tx: sa.Connection, size: int, bodies: Iterable[bytes]) -> None:
    changed = grown(queries.tiles_of(tx), size, [leaf_hash(body) for body in bodies])
    rows = [{"level": at[0], "n": at[1], "hashes": hashes} for at, hashes in changed.items()]
    tx.execute(_KEEP_TILE[tx.dialect.name], rows)
