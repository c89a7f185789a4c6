"""Why a file is not taken: a stable code for programs, a sentence for people.

`tests/test_texts.py` reads the pairs below and asks for the Chinese of each.
"""

from typing import Final

from gentie.kernel.texts import in_lang

EMPTY: Final = "media-empty"
KIND: Final = "media-kind"
DRAWING: Final = "media-drawing"
PLAYLIST: Final = "media-playlist"
BYTES: Final = "media-bytes"
PIXELS: Final = "media-pixels"
FRAMES: Final = "media-frames"
LENGTH: Final = "media-length"
STREAMS: Final = "media-streams"
CODEC: Final = "media-codec"
BROKEN: Final = "media-broken"
HEAVY: Final = "media-heavy"
UNCHECKED: Final = "media-unchecked"

_PAIRS: Final = (
    ("media-empty", "There is nothing in this file."),
    ("media-kind", "Only pictures, sound and video in one of the usual formats are taken."),
    ("media-drawing", "Drawings that can carry programs, such as SVG, are not taken."),
    ("media-playlist", "Lists that point to other files are not taken."),
    ("media-bytes", "This file has more bytes than are taken here."),
    ("media-pixels", "This picture is wider, higher or larger than is taken here."),
    ("media-frames", "This animation has more frames than are taken here."),
    ("media-length", "This recording is longer than is taken here."),
    ("media-streams", "There are more tracks in this recording than are taken here."),
    ("media-codec", "This recording is in a format that cannot be read here."),
    ("media-broken", "This file is damaged, or is not what it says it is."),
    ("media-heavy", "Checking this file takes more time or memory than is allowed."),
    ("media-unchecked", "This file could not be checked. Please upload it again."),
)
REASONS: Final = dict(_PAIRS)
"""`UNCHECKED` is ours, not the file's: the program that checks could not be run."""


def sentence_of(code: str, lang: str) -> str:
    """Why, for people. Codes come from `REASONS`.

    Raises:
        KeyError: no such code.
    """
    return in_lang(REASONS[code], lang)
