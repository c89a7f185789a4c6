"""Has the words in a picture read by a program of its own, from what the scrubber made of it.

The reader never sees the upload. What it cannot read in time, or at all, is said to be unread.
"""

import tempfile
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Final

import msgspec

from gentie.media import refusals
from gentie.media.adapters.program import NotScrubbed, hear
from gentie.media.adapters.scrubber import Scrubbed, Variant
from gentie.media.limits import Limits
from gentie.media.model import Reading
from gentie.media.scrubbing.said import MOST_WORDS, Heard

PROGRAM: Final = "gentie.media.scrubbing.words"
Scrub = Callable[[Path, Path, Limits], Awaitable[Scrubbed]]


async def scrub_and_read(
    source: Path, out: Path, limits: Limits, *, scrub: Scrub, languages: str
) -> Scrubbed:
    """As `scrub`, and then read in `languages`, as Tesseract names them: "chi_sim+eng".

    Of an animation its still is read, of a video each of its stills. Sound has nothing to read.

    Raises:
        NotScrubbed: as `scrub`; a reader that fails costs nobody their picture.
    """
    made = await scrub(source, out, limits)
    seen = _to_be_read(made)
    if not seen:
        return made
    try:
        words = await read_words(seen, languages, limits)
    except NotScrubbed:
        return msgspec.structs.replace(made, reading=Reading.FAILED)
    return msgspec.structs.replace(made, reading=Reading.DONE, text=words)


async def read_words(pictures: Sequence[Path], languages: str, limits: Limits) -> str:
    """What is written in WebPs of ours, which lie in one folder. No line stands there twice.

    Raises:
        NotScrubbed: the reader is missing, fell over, or took too long.
    """
    with tempfile.TemporaryDirectory(dir=pictures[0].parent) as folder:
        paths = *map(str, pictures), folder
        said = await hear(PROGRAM, languages, *paths, folder=Path(folder), limits=limits)
    found = _understood(said)
    if found.missing:
        raise NotScrubbed(refusals.UNCHECKED)
    return found.words[:MOST_WORDS]


async def missing(languages: str, folder: Path) -> str:
    """What the reader lacks on this machine, in words. Empty: it could read."""
    try:
        return _understood(await hear(PROGRAM, languages, folder=folder, limits=Limits())).missing
    except NotScrubbed as fault:
        return fault.code


def _to_be_read(made: Scrubbed) -> list[Path]:
    """The largest form of a picture; the stills of what moves, in their order."""
    stills = [one for one in made.variants if one.name == "poster"] or made.variants[:1]
    return [one.file for one in (*made.key_frames, *stills) if _is_picture(one)]


def _is_picture(one: Variant) -> bool:
    return one.content_type == "image/webp"


def _understood(said: tuple[bytes, int]) -> Heard:
    try:
        return msgspec.json.decode(said[0], type=Heard)
    except msgspec.DecodeError as fault:
        raise NotScrubbed(refusals.UNCHECKED) from fault
