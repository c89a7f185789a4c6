"""The tree in tiles is the tree of RFC 6962, at every size and however it grew."""

from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tlog_scales.tlog import ConsistencyProof, InclusionProof

from gentie.ledger.tree import (
    EMPTY,
    ENTRIES,
    HASH,
    Place,
    consistency_path,
    grown,
    inclusion_path,
    leaf_hash,
    parse_tile_path,
    root_of,
    tile_path,
)
from tests.ledger.build import naive

sizes = st.integers(1, 1500)


@cache
def leaves(count: int) -> list[bytes]:
    return [leaf_hash(str(i).encode()) for i in range(count)]


class Grown:
    """A tree that grew in the given steps."""

    def __init__(self, *steps: int) -> None:
        self.tiles: dict[tuple[int, int], bytes] = {}
        self.size = 0
        for step in steps:
            new = leaves(self.size + step)[self.size :]
            self.tiles.update(grown(self.tile, self.size, new))
            self.size += step

    def tile(self, level: int, n: int) -> bytes:
        return self.tiles[level, n]


@given(st.lists(st.integers(0, 700), max_size=6))
def test_the_root_does_not_depend_on_the_steps(steps: list[int]) -> None:
    tree = Grown(*steps)

    assert root_of(tree.tile, tree.size) == naive(leaves(tree.size))


def test_roots_and_tiles_of_a_large_tree() -> None:
    steps = (1, 1, 253, 1, 1, 255, 3, 4_000, 61_021, 1, 4_464)
    tree, small = Grown(*steps), Grown()
    for step in steps:
        small = Grown(small.size + step)
        assert root_of(tree.tile, small.size) == naive(leaves(small.size))
    assert tree.size == 70_001
    assert {level: sum(at[0] == level for at in tree.tiles) for level in (0, 1, 2, 3)} == {
        0: 274,
        1: 2,
        2: 1,
        3: 0,
    }
    assert len(tree.tiles[0, 273]) == 113 * HASH


def test_a_tile_that_is_longer_than_the_tree_is_cut() -> None:
    tree = Grown(300)
    again = grown(tree.tile, 260, leaves(300)[260:300])

    assert again.items() <= tree.tiles.items()


@given(sizes, st.data())
def test_every_leaf_can_be_shown_to_an_independent_reader(size: int, data: st.DataObject) -> None:
    tree = Grown(size)
    index = data.draw(st.integers(0, size - 1))

    path = inclusion_path(tree.tile, index, size)

    InclusionProof(index, size, path).check(leaves(size)[index], root_of(tree.tile, size))


@given(sizes, st.data())
def test_growth_can_be_shown_to_an_independent_reader(new: int, data: st.DataObject) -> None:
    tree = Grown(new)
    old = data.draw(st.integers(1, new))

    path = consistency_path(tree.tile, old, new)

    ConsistencyProof(old, new, path).check(root_of(tree.tile, old), root_of(tree.tile, new))


def test_the_empty_tree_has_a_root() -> None:
    assert root_of(Grown().tile, 0) == EMPTY == naive([])


@pytest.mark.parametrize(
    ("place", "path"),
    [
        (Place(0, 0), "0/000"),
        (Place(1, 1_234_067), "1/x001/x234/067"),
        (Place(ENTRIES, 273, 112), "entries/273.p/112"),
        (Place(2, 1_000, 1), "2/x001/000.p/1"),
    ],
)
def test_paths_are_those_of_the_specification(place: Place, path: str) -> None:
    assert tile_path(place) == path
    assert parse_tile_path(path) == place


@given(st.integers(-1, 7), st.integers(0, (1 << 55) - 1), st.integers(1, 256))
def test_paths_are_read_as_they_are_written(level: int, n: int, width: int) -> None:
    assert parse_tile_path(tile_path(Place(level, n, width))) == Place(level, n, width)


@pytest.mark.parametrize(
    "path",
    [
        *("", "0", "0/00", "0/1000", "00/000", "8/000", "-1/000", "0/x000/001", "0/001/001"),
        *("0/x001/1", "0/000.p/0", "0/000.p/256", "0/000.p/01", "0/000.p", "0/000.p/1/"),
        *("entries/000/", "/0/000", "0/٠٠٠", "Entries/000", "0/000\n", "0/" + "x999/" * 40 + "999"),
    ],
)
def test_no_other_spelling_is_a_path(path: str) -> None:
    assert parse_tile_path(path) is None
