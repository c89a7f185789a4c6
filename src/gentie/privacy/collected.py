"""Which fields are taken from people, and where each ends up. Pure."""

import tomllib
from collections.abc import Iterator
from functools import cache
from importlib import resources
from typing import Final

import msgspec

from gentie.privacy.model import Inventory

ALWAYS: Final = frozenset({"csrf"})
"""Shows that a form is ours."""


class Collected(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    kept: dict[str, str]
    """By field: table and column of the inventory. Empty: kept nowhere."""
    forms: dict[str, frozenset[str]]
    """By path: what a form there may have."""


@cache
def load_collected() -> Collected:
    file = resources.files("gentie.privacy").joinpath("data/collected.toml")
    return msgspec.convert(tomllib.loads(file.read_text(encoding="utf-8")), Collected)


def surplus_of(path: str, fields: frozenset[str]) -> frozenset[str]:
    """What a form brings that its page does not take. A path without a list takes what it will."""
    taken = load_collected().forms.get(path)
    return frozenset() if taken is None else fields - taken - ALWAYS


def faults_of(collected: Collected, inventory: Inventory) -> Iterator[str]:
    """Fields that are said to end up where nothing is."""
    real = {f"{one.table}.{field}" for one in inventory.records for field in one.fields}
    for field, where in sorted(collected.kept.items()):
        if where and where not in real:
            yield f"{field} is said to be kept in {where}, which the inventory does not have"
