"""Who answers whom, once everything has been read. Pure: numbers in, numbers out.

What is left out has no place here, so who answered it answers what that answered. There is no
tombstone in its stead: a tombstone is evidence of a decision in our log, and there was none.
"""

from array import array
from collections.abc import Sequence

NONE = -1


def settle(parents: Sequence[int], kept: Sequence[int]) -> tuple["array[int]", "array[int]", int]:
    """The parent and the depth of each comment, by number, and how many were passed through.

    `parents[n]` is what comment `n` answers (`NONE`: nothing, or nothing here); `kept[n]` is 0
    for what is left out. A circle is cut where it is met: that comment answers nothing.
    """
    above = array("q", [NONE]) * len(parents)
    depth = array("q", [NONE]) * len(parents)
    passed = 0
    for number in range(len(parents)):
        chain = _undecided(number, parents, depth)
        for one in reversed(chain):
            parent = parents[one]
            if parent != NONE and depth[parent] == NONE:  # itself below this one: a circle
                parent = NONE
            stands = parent if parent == NONE or kept[parent] else above[parent]
            passed += bool(kept[one] and parent != NONE and not kept[parent])
            above[one] = stands
            depth[one] = 0 if stands == NONE else depth[stands] + 1
    return above, depth, passed


def _undecided(number: int, parents: Sequence[int], depth: Sequence[int]) -> list[int]:
    """From a comment up to the first that is decided on, or that comes a second time."""
    chain: list[int] = []
    seen: set[int] = set()
    while number != NONE and depth[number] == NONE and number not in seen:
        chain.append(number)
        seen.add(number)
        number = parents[number]
    return chain
