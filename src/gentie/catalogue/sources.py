"""Legal sources that grounds refer to: what they are, when they hold, how far they were read."""

import enum
import tomllib
from datetime import date
from functools import cache
from importlib import resources

import msgspec

from gentie.catalogue.regimes import Text


class Standing(enum.StrEnum):
    IN_FORCE = "in_force"
    HISTORIC = "historic"
    NEVER = "never"
    """A draft that was not adopted."""


class HowRead(enum.StrEnum):
    """How far we could read the text. Less than `FULL` is said wherever the source is shown."""

    FULL = "full"
    PART = "part"
    PRESS = "press"
    MEMORY = "memory"


class LegalSource(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    id: str
    title: Text
    article: str = ""
    """Empty: the whole document. A citation for people; code refers to `id`."""
    valid_from: date | None = None
    """None: it never was in force."""
    valid_to: date | None = None
    """First day on which it is no longer in force."""
    status: Standing
    read: HowRead


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    sources: tuple[LegalSource, ...]


@cache
def legal_sources() -> dict[str, LegalSource]:
    """All sources by id, in the order of the file."""
    text = resources.files("gentie.catalogue").joinpath("data/legal_sources.toml")
    file = msgspec.convert(tomllib.loads(text.read_text(encoding="utf-8")), _File)
    return {source.id: source for source in file.sources}
