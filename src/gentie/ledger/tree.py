"""The Merkle tree of RFC 6962, kept in tiles of 256 hashes (C2SP tlog-tiles). Pure.

Hash `i` of level 0 is that of leaf `i`; hash `i` of a higher level is the root of full tile `i`
below. `tile(level, n)` gives the stored hashes of one tile, 32 bytes each; more than a function
asks for may stand there already, because a tree only grows.
"""

import re
from collections.abc import Callable
from hashlib import sha256
from itertools import pairwise
from typing import NamedTuple

WIDTH = 256
HASH = 32
EMPTY = sha256(b"").digest()
ENTRIES = -1
"""The level whose "tiles" are the entries themselves."""
_TOP = 7
"""Highest level that a 63-bit size can reach."""
_PATH = re.compile(r"(entries|[0-9])/((?:x[0-9]{3}/)*[0-9]{3})(?:\.p/([1-9][0-9]{0,2}))?", re.ASCII)

Tile = Callable[[int, int], bytes]


class Place(NamedTuple):
    """Which tile, and how many of its hashes or entries (1..256)."""

    level: int
    n: int
    width: int = WIDTH


def leaf_hash(entry: bytes) -> bytes:
    return sha256(b"\0" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return sha256(b"\1" + left + right).digest()


def root_of(tile: Tile, size: int) -> bytes:
    """The root over the first `size` leaves."""
    return subtree(tile, 0, size) if size else EMPTY


def subtree(tile: Tile, start: int, end: int) -> bytes:
    """The root over leaves `start` to `end` (not included), as RFC 6962 splits them."""
    level, low, high = 0, start, end
    while low % WIDTH == 0 and high % WIDTH == 0:
        level, low, high = level + 1, low // WIDTH, high // WIDTH
    if high - low == 1:
        at = low % WIDTH * HASH
        return tile(level, low // WIDTH)[at : at + HASH]
    middle = start + _split(end - start)
    return node_hash(subtree(tile, start, middle), subtree(tile, middle, end))


def inclusion_path(tile: Tile, index: int, size: int) -> list[bytes]:
    """Hashes that lead from leaf `index` to the root of `size` leaves, lowest first."""
    start, end, path = 0, size, list[bytes]()
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            path.append(subtree(tile, middle, end))
            end = middle
        else:
            path.append(subtree(tile, start, middle))
            start = middle
    return path[::-1]


def consistency_path(tile: Tile, old: int, new: int) -> list[bytes]:
    """Hashes that show the tree of `new` leaves to begin with that of `old` > 0, lowest first."""
    start, end, path = 0, new, list[bytes]()
    while end != old:
        middle = start + _split(end - start)
        if old <= middle:
            path.append(subtree(tile, middle, end))
            end = middle
        else:
            path.append(subtree(tile, start, middle))
            start = middle
    return [*([subtree(tile, start, end)] if start else []), *path[::-1]]


def grown(tile: Tile, size: int, hashes: list[bytes]) -> dict[tuple[int, int], bytes]:
    """Tiles (level, n) as they are once leaf `hashes` follow on `size` leaves; others stay."""
    changed = {}
    level, start = 0, size
    while hashes:
        first, kept = divmod(start, WIDTH)
        row = (tile(level, first)[: kept * HASH] if kept else b"") + b"".join(hashes)
        cuts = range(0, len(row) + WIDTH * HASH, WIDTH * HASH)
        parts = [row[low:high] for low, high in pairwise(cuts) if row[low:high]]
        changed.update({(level, first + i): part for i, part in enumerate(parts)})
        hashes = [_full_root(part) for part in parts if len(part) == WIDTH * HASH]
        level, start = level + 1, first
    return changed


def tile_path(place: Place) -> str:
    """Where the tile is served, below `tile/`: "0/x001/234" or "entries/000.p/7"."""
    rest, last = divmod(place.n, 1000)
    path = f"{last:03d}"
    while rest:
        rest, group = divmod(rest, 1000)
        path = f"x{group:03d}/{path}"
    level = "entries" if place.level == ENTRIES else str(place.level)
    return f"{level}/{path}" + (f".p/{place.width}" if place.width < WIDTH else "")


def parse_tile_path(path: str) -> Place | None:
    """Read what `tile_path` wrote. None: anything else, also other spellings of the same tile."""
    found = _PATH.fullmatch(path)
    if found is None:
        return None
    level = ENTRIES if found[1] == "entries" else int(found[1])
    place = Place(level, int(re.sub("[x/]", "", found[2])), int(found[3] or WIDTH))
    fits = place.n < 1 << 55 and place.level <= _TOP and tile_path(place) == path
    return place if fits else None


def _split(count: int) -> int:
    """The largest power of two below `count`, which is at least 2."""
    return 1 << ((count - 1).bit_length() - 1)


def _full_root(hashes: bytes) -> bytes:
    row = [hashes[at : at + HASH] for at in range(0, len(hashes), HASH)]
    while len(row) > 1:
        row = [node_hash(row[i], row[i + 1]) for i in range(0, len(row), 2)]
    return row[0]
