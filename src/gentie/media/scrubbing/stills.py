"""Pictures out of a video, for who has to judge it without watching: evenly spread, few enough."""

from pathlib import Path
from typing import Any, Final

from PIL import Image

from gentie.media.scrubbing.said import Derived
from gentie.media.scrubbing.writing import seen, write

MOST: Final = 24
_SIDE: Final = 640
"""Pixels: words of a size that somebody watching would read can be read in them, too."""
_APART: Final = 2.0
"""Seconds between two, to begin with."""
_ENOUGH: Final = 50
"""Quality of a fingerprint: a picture with something to see, not the black before it."""


class Stills:
    """Keeps every still at first; when there are too many, every other one, and fewer from then."""

    def __init__(self) -> None:
        self.poster: Image.Image | None = None
        self._poster_quality = -1
        self._apart = _APART
        self._kept: list[tuple[float, Image.Image, dict[str, Any]]] = []

    def wants(self, at: float) -> bool:
        """By time and not by what the file calls a key frame: it may have but one."""
        return not self._kept or at >= self._kept[-1][0] + self._apart

    def see(self, picture: Image.Image, at: float) -> None:
        """`at` in seconds, never less than before."""
        facts = seen(picture, size=picture.size)
        self._choose(picture, facts["pdq_quality"])
        small = picture.copy()
        small.thumbnail((_SIDE, _SIDE))
        self._kept.append((at, small, facts))
        if len(self._kept) > MOST:
            self._kept, self._apart = self._kept[::2], self._apart * 2

    def facts(self) -> list[dict[str, Any]]:
        """For each still: when, and what it looks like."""
        return [
            {"seconds": round(at, 3), "pdq": one["pdq"], "pdq_quality": one["pdq_quality"]}
            for at, _, one in self._kept
        ]

    def write_frames(self, out: Path) -> tuple[Derived, ...]:
        return tuple(
            write(picture, out, f"frame-{number}")
            for number, (_, picture, _) in enumerate(self._kept)
        )

    def write_poster(self, out: Path) -> Derived:
        if self.poster is None:
            raise ValueError("nothing was seen")
        return write(self.poster, out, "poster")

    def _choose(self, picture: Image.Image, quality: int) -> None:
        """The first with something to see, else the one with most."""
        if self._poster_quality < min(_ENOUGH, quality):
            self.poster, self._poster_quality = picture, quality
