"""Pictures: decoded, turned upright, made sRGB, and written anew as WebP in several sizes.

Nothing is copied from the file but its pixels: neither EXIF and XMP nor colour profiles, comments
or what stands behind the picture.
"""

from pathlib import Path
from typing import IO, Final

from PIL import Image, ImageFile

from gentie.media import refusals
from gentie.media.limits import Limits
from gentie.media.scrubbing import animations, colours
from gentie.media.scrubbing.said import Derived, Refused, Said
from gentie.media.scrubbing.writing import seen, write

WIDTHS: Final = (2048, 1280, 640, 320)
"""Longest sides of the derivatives, in pixels; never more than the picture has."""
_ORIENTATION: Final = 0x0112
_MOVING: Final = {"GIF", "PNG", "WEBP"}
"""In others, what stands behind the first picture is a depth map or a thumbnail."""

Image.preinit()
Image.init()
ImageFile.LOAD_TRUNCATED_IMAGES = False


def scrub(file: IO[bytes], form: str, out: Path, limits: Limits) -> Said:
    """Derivatives of the picture in `file`, which is of `form` and nothing else.

    Raises:
        Refused: too large, too many frames, or no picture.
    """
    Image.MAX_IMAGE_PIXELS = limits.pixels
    with _opened(file, form) as picture:
        _check_size(picture, limits)
        if form in _MOVING and getattr(picture, "is_animated", False):
            return animations.scrub(picture, form, out, limits)
        return _scrub_still(picture, out)


def _opened(file: IO[bytes], form: str) -> Image.Image:
    try:
        return Image.open(file, formats=[form])
    except Image.DecompressionBombError as fault:
        raise Refused(refusals.PIXELS) from fault


def _scrub_still(picture: Image.Image, out: Path) -> Said:
    first = upright(picture)
    facts = {**seen(first, size=_turned(picture)), "animated": False}
    return Said(kind="picture", variants=write_sizes(first, out), facts=facts)


def upright(picture: Image.Image) -> Image.Image:
    """The picture as it is meant to be seen, at most as large as the largest derivative."""
    turn = _turn_of(picture)
    profile = picture.info.get("icc_profile")
    small = colours.plain(picture)
    if max(small.size) > WIDTHS[0]:
        small.thumbnail((WIDTHS[0], WIDTHS[0]), Image.Resampling.HAMMING)
    if turn is not None:
        small = small.transpose(turn)
    return colours.to_srgb(small, profile)


def write_sizes(picture: Image.Image, out: Path) -> tuple[Derived, ...]:
    """One file for each step below the picture's longer side, and for the one that it fits into."""
    largest = max(picture.size)
    steps = [one for one in WIDTHS if one < largest]
    if len(steps) < len(WIDTHS):
        steps.insert(0, WIDTHS[len(WIDTHS) - len(steps) - 1])
    made = []
    for step in steps:
        picture = picture.copy()
        picture.thumbnail((step, step), Image.Resampling.HAMMING)
        made.append(write(picture, out, str(step)))
    return tuple(made)


def _check_size(picture: Image.Image, limits: Limits) -> None:
    width, height = picture.size
    if max(width, height) > limits.side or width * height > limits.pixels:
        raise Refused(refusals.PIXELS)
    if not width or not height:
        raise Refused(refusals.BROKEN)


_TURNS: Final = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_LYING: Final = {_TURNS[number] for number in (5, 6, 7, 8)}


def _turn_of(picture: Image.Image) -> Image.Transpose | None:
    """How to turn it upright. EXIF that cannot be read turns nothing: it is thrown away anyway."""
    try:
        return _TURNS.get(picture.getexif().get(_ORIENTATION, 1))
    except Exception:  # noqa: BLE001 a broken note must not cost a good picture
        return None


def _turned(picture: Image.Image) -> tuple[int, int]:
    width, height = picture.size
    return (height, width) if _turn_of(picture) in _LYING else (width, height)
