"""What the programs say on their standard output: one line of JSON, or nothing when ended."""

from typing import Any, Final

import msgspec
from msgspec import Struct

LONGEST: Final = 256 * 1024
"""Bytes of the answer. More is no answer."""

MOST_WORDS: Final = 5000
"""Characters that are read in one picture."""


class Derived(Struct, frozen=True, kw_only=True):
    """A file in the output folder."""

    name: str
    file: str
    """Its plain name there."""
    content_type: str
    width: int = 0
    """Pixels; 0 where there is nothing to see."""
    height: int = 0


class Said(Struct, frozen=True, kw_only=True):
    kind: str = ""
    """`picture`, `audio` or `video`; empty when refused."""
    variants: tuple[Derived, ...] = ()
    key_frames: tuple[Derived, ...] = ()
    facts: dict[str, Any] = {}
    refused: str = ""
    """A code of `media.refusals`; empty when all went well."""
    walls: tuple[str, ...] = ()
    """Those that stood while the file was read."""


class Heard(Struct, frozen=True, kw_only=True):
    """What the program `words` says."""

    words: str = ""
    missing: str = ""
    """What it cannot read without: the library, or a model. Empty: all is there."""


class Refused(Exception):
    """Raised inside the program; `code` is one of `media.refusals`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def spoken(said: Said) -> bytes:
    return msgspec.json.encode(said)


def understood(line: bytes) -> Said:
    """The answer read back by the parent.

    Raises:
        msgspec.DecodeError: it is none; `msgspec.ValidationError` is one of these.
    """
    return msgspec.json.decode(line, type=Said)
