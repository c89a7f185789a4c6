"""The first and the last line of an export, and the public log between them."""

from datetime import datetime

from gentie.kernel.ids import LeafId, SiteId
from gentie.moving.records.line import Line, Part


class LogHead(Part, frozen=True, kw_only=True):
    """Where the public log stood."""

    origin: str
    """Name of the log, and so of the instance. Empty: nothing was signed yet."""
    key: str
    """Verification key (vkey) that the checkpoint is signed with."""
    size: int
    """Leaves that the checkpoint covers."""
    checkpoint: str
    """The signed note. Empty: none was published yet."""


class Header(Line, frozen=True, kw_only=True, tag="header"):
    """The first line."""

    format: str
    """Always `gentie-export/1`."""
    site: SiteId
    log: LogHead


class EarlierLog(Line, frozen=True, kw_only=True, tag="earlier_log"):
    """A name under which the same tree was signed before, and where that ended."""

    origin: str
    key: str
    checkpoint: str
    at: datetime


class Leaf(Line, frozen=True, kw_only=True, tag="leaf"):
    """A leaf of the public log. All that the checkpoint covers are here, of other sites too."""

    index: int | None
    """Its place. null: it had none yet."""
    entry: str
    """Its bytes. The hash is SHA-256 of a zero byte and these."""
    id: LeafId | None
    """By which decisions, tombstones and others name it. null: it is about another site."""
    at: datetime | None
    """When it was appended. null: it is about another site."""


class End(Line, frozen=True, kw_only=True, tag="end"):
    """The last line: without it, the file was cut off."""

    lines: int
    """How many stand before it."""
    sha256: str
    """Of all bytes before it, hex."""
