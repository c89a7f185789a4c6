"""Words in pictures: `python -m gentie.media.scrubbing.words LANGUAGES [FILE... OUT] LIMITS`.

One line of JSON, `Heard`. Each FILE is a derivative of ours, never an upload; OUT an empty folder.
Without them it only says whether it could read. Tesseract is a library of the system; it and its
models are opened first, the walls stand before the first pixel is looked at.
"""

import ctypes
import ctypes.util
import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from itertools import groupby
from pathlib import Path
from typing import Any, Final

import msgspec
from PIL import Image

from gentie.media.limits import Limits
from gentie.media.scrubbing.said import MOST_WORDS, Heard
from gentie.media.scrubbing.walls import wall_in

SURE: Final = 60
"""Percent that Tesseract is sure of a word. In leaves and grain it sees letters, too."""
_SPARSE: Final = 11
"""Words anywhere, in no order: a picture is no page."""
_WORD_LEVEL: Final = "5"
_COLUMNS: Final = 12
"""Of the table: the level first, how sure it is and the word last."""


class Missing(Exception):
    """The message names it."""


class Tesseract:
    """Opened, with its models in memory."""

    def __init__(self, languages: str) -> None:
        self._library = _library()
        self._api = ctypes.c_void_p(self._library.TessBaseAPICreate())
        if self._library.TessBaseAPIInit3(self._api, None, languages.encode()):
            raise Missing(f"a model of {languages}")
        self._library.TessBaseAPISetPageSegMode(self._api, _SPARSE)

    def lines(self, picture: Image.Image) -> Iterator[str]:
        """From top to bottom."""
        gray = picture.convert("L")
        width, height = gray.size
        self._library.TessBaseAPISetImage(self._api, gray.tobytes(), width, height, 1, width)
        told = ctypes.string_at(self._library.TessBaseAPIGetTsvText(self._api, 0))
        return lines_of(told.decode(errors="replace"))


def lines_of(table: str) -> Iterator[str]:
    """Words that it is sure of, line by line, out of Tesseract's table of tabs."""
    rows = (line.split("\t") for line in table.splitlines())
    words = (row for row in rows if len(row) == _COLUMNS and row[0] == _WORD_LEVEL)
    for _, line in groupby(words, key=lambda row: row[1:5]):
        sure = [row[11].strip() for row in line if float(row[10]) >= SURE]
        if _is_text(said := _joined(word for word in sure if word)):
            yield said


def _is_text(line: str) -> bool:
    """A stroke, or one letter alone, is most likely a twig."""
    letters = "".join(one for one in line if one.isalnum())
    return len(letters) > 1 or not letters.isascii()


def _joined(words: Iterable[str]) -> str:
    """Blanks stand between words of letters; Chinese has none."""
    line = ""
    for word in words:
        apart = line and line[-1].isascii() and word[0].isascii()
        line += f" {word}" if apart else word
    return line


def _library() -> Any:  # ctypes gives functions no types
    name = ctypes.util.find_library("tesseract")
    try:
        library = ctypes.CDLL(name or "libtesseract.so.5")
    except OSError as fault:
        raise Missing("the library tesseract") from fault
    library.TessBaseAPICreate.restype = ctypes.c_void_p
    library.TessBaseAPIGetTsvText.restype = ctypes.c_void_p
    return library


def heard(languages: str, paths: list[str], limits: Limits) -> Heard:
    try:
        reader = Tesseract(languages)
    except Missing as fault:
        return Heard(missing=str(fault))
    if not paths:
        return Heard()
    *files, out = map(Path, paths)
    return Heard(words=_words_of(reader, files, out, limits))


def _words_of(reader: Tesseract, files: list[Path], out: Path, limits: Limits) -> str:
    """Each line once, for a video shows it for a while. At most `MOST_WORDS` characters."""
    Image.init()
    seconds = limits.cpu_seconds if len(files) == 1 else limits.long_cpu_seconds
    lines = dict[str, None]()
    with ExitStack() as opened:
        held = [opened.enter_context(one.open("rb")) for one in files]
        wall_in(out, limits, cpu_seconds=seconds)
        for file in held:
            with Image.open(file, formats=["WEBP"]) as picture:
                lines |= dict.fromkeys(reader.lines(picture))
    return "\n".join(lines)[:MOST_WORDS]


if __name__ == "__main__":
    os.environ["OMP_THREAD_LIMIT"] = "1"  # behind the walls there are no threads
    said = heard(sys.argv[1], sys.argv[2:-1], msgspec.json.decode(sys.argv[-1], type=Limits))
    sys.stdout.buffer.write(msgspec.json.encode(said))
    sys.stdout.flush()
    os._exit(0)  # not through the library's own end, which complains about itself
