"""What the doors for pictures, audio and video are given."""

from dataclasses import dataclass

from gentie.media.adapters.objects import Objects
from gentie.media.adapters.spool import Spool


@dataclass(frozen=True, kw_only=True)
class Attaching:
    """Made once in `gentie.main`."""

    objects: Objects
    spool: Spool
    key: bytes
    """Signs addresses of what is not public."""
    largest: int
    """Bytes that one file may have."""
