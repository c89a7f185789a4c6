"""The log as a folder of static files, at the same paths as under `/log/`: to mirror, to keep."""

from collections.abc import Iterator
from pathlib import Path

import sqlalchemy as sa

from gentie.ledger import queries
from gentie.ledger.files import write_durably
from gentie.ledger.note import read_checkpoint
from gentie.ledger.tree import ENTRIES, WIDTH, Place, tile_path


def export_log(tx: sa.Connection, folder: Path, *, vkey: str) -> int:
    """Write what the last checkpoint covers; full tiles that are there already stay.

    The checkpoint comes last, so that a reader never finds one without its tiles. Returns
    its size.

    Raises:
        NotInLog: nothing was published yet.
    """
    note = queries.note_of(tx)
    size = read_checkpoint(note).size
    for place in places_of(size):
        path = folder / "tile" / tile_path(place)
        if place.width < WIDTH or not path.exists():
            _write(path, queries.tile_of(tx, place))
    write_durably(folder / "vkey", f"{vkey}\n")
    write_durably(folder / "checkpoint", note)
    return size


def places_of(size: int) -> Iterator[Place]:
    """All tiles and bundles of a tree of this size, at their full width."""
    for level in (ENTRIES, 0):
        yield from _row(level, size)
    level, count = 1, size // WIDTH
    while count:
        yield from _row(level, count)
        level, count = level + 1, count // WIDTH


def _row(level: int, count: int) -> Iterator[Place]:
    full, rest = divmod(count, WIDTH)
    yield from (Place(level, n) for n in range(full))
    if rest:
        yield Place(level, full, rest)


def _write(path: Path, body: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(f".{path.name}.new")
    new.write_bytes(body)
    new.replace(path)
