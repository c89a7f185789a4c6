"""Pictures as they are written, and what is said of them."""

from pathlib import Path
from typing import Any, Final

from PIL import Image

from gentie.media.scrubbing.fingerprints import pdq
from gentie.media.scrubbing.said import Derived

QUALITY: Final = 80
EFFORT: Final = 2
"""Of the encoder, 0 to 6: 4 is twice as dear and 3 % smaller."""


def write(picture: Image.Image, out: Path, name: str) -> Derived:
    """A WebP of nothing but the pixels."""
    picture.info.clear()
    path = out / f"{name}.webp"
    picture.save(path, "WEBP", quality=QUALITY, method=EFFORT)
    width, height = picture.size
    return Derived(name=name, file=path.name, content_type="image/webp", width=width, height=height)


def seen(picture: Image.Image, *, size: tuple[int, int]) -> dict[str, Any]:
    """Facts of a picture: its size when it came, upright, and what it looks like."""
    looks, quality = pdq(picture)
    return {"width": size[0], "height": size[1], "pdq": looks, "pdq_quality": quality}
