"""Every way to store a pixel becomes one of two: red, green, blue; and the same with alpha."""

import contextlib
from io import BytesIO
from typing import Any, Final

from PIL import Image, ImageCms

_PROFILE_BYTES: Final = 4 * 1024 * 1024
_WIDE: Final = {"I", "I;16", "I;16B", "I;16L", "I;16N"}


def plain(picture: Image.Image) -> Image.Image:
    """A decoded copy in RGB, or RGBA where something shows through."""
    picture.load()
    if picture.mode in _WIDE:
        return picture.convert("I").point(lambda value: value / 256).convert("L").convert("RGB")
    if picture.mode == "CMYK" and picture.info.get("icc_profile"):
        return picture.copy()  # the profile says what its inks are: `to_srgb`
    return picture.convert("RGBA" if picture.has_transparency_data else "RGB")


def to_srgb(picture: Image.Image, profile: Any) -> Image.Image:
    """The colours that were meant, without the profile. One that makes no sense is left out."""
    if isinstance(profile, bytes) and len(profile) <= _PROFILE_BYTES:
        with contextlib.suppress(ImageCms.PyCMSError, OSError, ValueError):
            picture = _converted(picture, ImageCms.ImageCmsProfile(BytesIO(profile)))
    return picture if picture.mode in {"RGB", "RGBA"} else picture.convert("RGB")


def _converted(picture: Image.Image, profile: ImageCms.ImageCmsProfile) -> Image.Image:
    alpha = picture.getchannel("A") if picture.mode == "RGBA" else None
    opaque = picture if alpha is None else picture.convert("RGB")
    srgb = ImageCms.createProfile("sRGB")
    done = ImageCms.profileToProfile(opaque, profile, srgb, outputMode="RGB")
    if done is None:
        return picture
    if alpha is not None:
        done.putalpha(alpha)
    return done
