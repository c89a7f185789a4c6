"""Where each row of the catalogue stands, said in the open."""

import enum
import tomllib
from functools import cache
from importlib import resources

import msgspec


class Status(enum.StrEnum):
    MET = "met"
    """Code, a test and a live check are there."""
    PARTIAL = "partial"
    """Something is missing, and `says` names it. Never counted as met."""
    PLANNED = "planned"
    ORGANISATIONAL = "organisational"
    """A duty of people; `says` tells how the software supports it."""


class RowStatus(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    status: Status
    says: str = ""


@cache
def statuses() -> dict[str, RowStatus]:
    """The status of every row, by its id."""
    return msgspec.convert(tomllib.loads(_text_of("status.toml")), dict[str, RowStatus])


@cache
def once_met() -> frozenset[str]:
    """Rows that were met at some time: they must be met still."""
    lines = (line.split("#")[0].strip() for line in _text_of("met.txt").splitlines())
    return frozenset(line for line in lines if line)


def _text_of(name: str) -> str:
    folder = resources.files("gentie.catalogue").joinpath("data")
    return folder.joinpath(name).read_text(encoding="utf-8")
