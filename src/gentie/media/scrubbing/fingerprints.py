"""What a picture looks like, as 256 bits that survive saving again and resizing.

This is PDQ, the hash that lists of known pictures are kept in, so that an operator can use such a
list: 31 bits or fewer apart is the same picture. Cropped, turned and mirrored ones are not found.
Worked out with Pillow alone: the library for it needs NumPy, 60 MB and a third of a second.
`tests/media/scrubbing/test_fingerprints.py` holds it against that library.
"""

import math
from collections.abc import Sequence
from itertools import pairwise
from statistics import median
from typing import Final

from PIL import Image, ImageFilter

_SIDE: Final = 64
_KEPT: Final = 16
_LARGEST: Final = 512

Rows = Sequence[Sequence[float]]

_WAVES: Final = tuple(
    tuple(
        math.sqrt(2 / _SIDE) * math.cos(math.pi / 2 / _SIDE * row * (2 * column + 1))
        for column in range(_SIDE)
    )
    for row in range(1, _KEPT + 1)
)
"""The slowest waves but the constant one."""


def pdq(picture: Image.Image) -> tuple[str, int]:
    """64 hex digits, and a quality from 0 (one colour: worth nothing) to 100; 50 is enough."""
    gray = _blurred(picture)
    found = _frequencies(gray)
    middle = median(value for row in found for value in row)
    bits = 0
    for at, value in enumerate(value for row in found for value in row):
        bits |= (value > middle) << at
    return f"{bits:064x}", _quality(gray)


def _blurred(picture: Image.Image) -> Rows:
    """64 x 64 of the picture, each the mean of its neighbourhood (twice, as a tent)."""
    gray = picture.convert("L")
    gray.thumbnail((_LARGEST, _LARGEST), Image.Resampling.BILINEAR)
    width, height = gray.size
    reach = (_window(width) / 2, _window(height) / 2)
    for _ in range(2):
        gray = gray.filter(ImageFilter.BoxBlur(reach))
    at_x = [int((column + 0.5) * width / _SIDE) for column in range(_SIDE)]
    at_y = [int((row + 0.5) * height / _SIDE) for row in range(_SIDE)]
    pixels = gray.tobytes()
    return [[float(pixels[y * width + x]) for x in at_x] for y in at_y]


def _window(side: int) -> int:
    return (side + 2 * _SIDE - 1) // (2 * _SIDE)


def _frequencies(gray: Rows) -> Rows:
    """The cosine transform, of which 16 x 16 values are wanted."""
    columns = list(zip(*gray, strict=True))
    half = [[_product(wave, column) for column in columns] for wave in _WAVES]
    return [[_product(wave, row) for wave in _WAVES] for row in half]


def _product(one: Sequence[float], other: Sequence[float]) -> float:
    return sum(a * b for a, b in zip(one, other, strict=True))


def _quality(gray: Rows) -> int:
    """How much there is to see: steps between neighbours, as a share of what is enough."""
    across = sum(_step(a, b) for row in gray for a, b in pairwise(row))
    down = sum(
        _step(a, b) for upper, lower in pairwise(gray) for a, b in zip(upper, lower, strict=True)
    )
    return min((across + down) // 90, 100)


def _step(one: float, other: float) -> int:
    return abs(int((one - other) * 100 / 255))
