"""Pictures with words in them, drawn in a font that has Chinese."""

from functools import cache

from PIL import Image, ImageDraw, ImageFont
from tools.letters import find_font

from tests.media.scrubbing.build import written

LANGUAGES = "chi_sim+eng"


@cache
def _font(size: int) -> ImageFont.FreeTypeFont:
    path = find_font()
    assert path, "no Chinese font here: make test installs it, or see python -m tools.letters"
    return ImageFont.truetype(str(path), size)


def a_sign(words: str, form: str = "WEBP", *, size: int = 44) -> bytes:
    """Black on ivory, as a photo of a notice would be; nothing else in it."""
    picture = Image.new("RGB", (900, 500), "ivory")
    ImageDraw.Draw(picture).text((60, 120), words, font=_font(size), fill="black", spacing=24)
    return written(picture, form)
