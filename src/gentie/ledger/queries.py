"""Read models of the log: places of leaves, what is served to the public, proofs."""

import base64
from collections.abc import Collection
from datetime import datetime
from functools import cache

import msgspec
import sqlalchemy as sa

from gentie.kernel.ids import LeafId
from gentie.kernel.refusal import Refusal
from gentie.ledger.keeping import Standing
from gentie.ledger.note import Checkpoint, read_checkpoint
from gentie.ledger.tables import checkpoints, leaves, tiles
from gentie.ledger.tables import earlier_logs as earlier
from gentie.ledger.tree import ENTRIES, HASH, WIDTH, Place, Tile, inclusion_path, root_of
from gentie.storage.schema import Id

_INDEX = sa.select(leaves.c.idx).where(leaves.c.id == sa.bindparam("leaf", type_=Id))
_INDEXES = sa.select(leaves.c.id, leaves.c.idx).where(
    leaves.c.idx.is_not(None), leaves.c.id.in_(sa.bindparam("ids", expanding=True, type_=Id))
)
_LAST = sa.select(sa.func.max(leaves.c.idx))
_PENDING = sa.select(leaves.c.id).where(leaves.c.idx.is_(None)).limit(1)
_TILE = sa.select(tiles.c.hashes).where(
    tiles.c.level == sa.bindparam("level"), tiles.c.n == sa.bindparam("n")
)
_ENTRIES = (
    sa.select(leaves.c.body)
    .where(leaves.c.idx >= sa.bindparam("first"), leaves.c.idx < sa.bindparam("end"))
    .order_by(leaves.c.idx)
)
_NOTE = sa.select(checkpoints.c.note).order_by(checkpoints.c.size.desc()).limit(1)
_EARLIER = sa.select(earlier).order_by(earlier.c.at)
_PUBLISHED = sa.select(sa.func.max(checkpoints.c.size))
_PUBLISHED_BETWEEN = (
    sa.select(checkpoints.c.size)
    .where(checkpoints.c.size >= sa.bindparam("low"), checkpoints.c.size < sa.bindparam("high"))
    .limit(1)
)


class NotInLog(Refusal):
    code, says = "not-in-log", "The public log has nothing there."


class NotYetInLog(Refusal):
    code, says = "not-yet-in-log", "This is not in the public log yet. Try again in two seconds."


def index_of(tx: sa.Connection, leaf_id: LeafId) -> int | None:
    """The leaf's place in the log. None: not yet, or there is no such leaf."""
    return tx.scalar(_INDEX, {"leaf": leaf_id})


def indexes_of(tx: sa.Connection, leaf_ids: Collection[LeafId]) -> dict[LeafId, int]:
    """Places of those leaves that have one by now."""
    if not leaf_ids:
        return {}
    return {LeafId(row.id): row.idx for row in tx.execute(_INDEXES, {"ids": list(leaf_ids)})}


class Earlier(msgspec.Struct, frozen=True, kw_only=True):
    """A name under which the tree was signed before it moved here."""

    origin: str
    vkey: str
    note: str
    """The last checkpoint under that name."""
    at: datetime
    """When it moved."""


def earlier_logs(tx: sa.Connection) -> list[Earlier]:
    """What the log was called before, oldest first. Proofs of that time hold under these keys."""
    return [msgspec.convert(row, Earlier, from_attributes=True) for row in tx.execute(_EARLIER)]


def find_note(tx: sa.Connection) -> str | None:
    """The last published checkpoint, signed. None: there is none."""
    return tx.scalar(_NOTE)


def note_of(tx: sa.Connection) -> str:
    """The last published checkpoint, signed.

    Raises:
        NotInLog: nothing was published yet.
    """
    note = find_note(tx)
    if note is None:
        raise NotInLog
    return note


def tile_of(tx: sa.Connection, place: Place) -> bytes:
    """Hashes or entries of a tile, as wide as asked for: only widths that some published size has.

    Raises:
        NotInLog: the tree is not that large yet, or had no checkpoint with this width.
    """
    if not _is_published(tx, place):
        raise NotInLog
    if place.level != ENTRIES:
        return tiles_of(tx)(place.level, place.n)[: place.width * HASH]
    first = place.n * WIDTH
    return b"".join(
        len(body).to_bytes(2, "big") + body for body in entries_of(tx, first, first + place.width)
    )


def entries_of(tx: sa.Connection, first: int, end: int) -> list[bytes]:
    """Entries `first` to `end` (not included), in order."""
    return list(tx.scalars(_ENTRIES, {"first": first, "end": end}))


def proof_of(tx: sa.Connection, leaf_id: LeafId) -> str:
    """A `c2sp.org/tlog-proof@v1` file: the leaf is in the log as it was last signed.

    Raises:
        NotYetInLog: no checkpoint covers the leaf yet, or there is no such leaf.
    """
    note, index = tx.scalar(_NOTE), index_of(tx, leaf_id)
    size = read_checkpoint(note).size if note else 0
    if note is None or index is None or index >= size:
        raise NotYetInLog
    path = (base64.b64encode(one).decode() for one in inclusion_path(tiles_of(tx), index, size))
    return "\n".join(["c2sp.org/tlog-proof@v1", f"index {index}", *path, "", note])


def standing(tx: sa.Connection, mark: Checkpoint | None) -> Standing:
    """What the database holds, to compare with a mark that was read before."""
    size, tile = size_of(tx), tiles_of(tx)
    reached = mark is not None and mark.size <= size
    return Standing(
        size=size,
        root=root_of(tile, size),
        root_at_mark=root_of(tile, mark.size) if mark and reached else None,
        published=tx.scalar(_PUBLISHED),
        pending=tx.scalar(_PENDING) is not None,
    )


def size_of(tx: sa.Connection) -> int:
    """How many leaves have a place, published or not."""
    last = tx.scalar(_LAST)
    return 0 if last is None else last + 1


def tiles_of(tx: sa.Connection) -> Tile:
    """Stored tiles, each read once. Raises KeyError: the log has lost a tile."""

    @cache
    def tile(level: int, n: int) -> bytes:
        hashes: bytes | None = tx.scalar(_TILE, {"level": level, "n": n})
        if hashes is None:
            raise KeyError(f"tile {level}/{n} is missing")
        return hashes

    return tile


def _is_published(tx: sa.Connection, place: Place) -> bool:
    """Whether a published size has a tile of this width there; a full one stays for ever."""
    unit = WIDTH ** max(place.level, 0)
    low = (place.n * WIDTH + place.width) * unit
    if place.width == WIDTH:
        published: int | None = tx.scalar(_PUBLISHED)
        return published is not None and low <= published
    return tx.scalar(_PUBLISHED_BETWEEN, {"low": low, "high": low + unit}) is not None
