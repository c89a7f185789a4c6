"""Has the words in a picture read by a program of its own, from what the scrubber made of it.

The reader never sees the upload. What it cannot read in time, or at all, is said to be unread.
"""

import tempfile
from collections.abc import Awaitable, Callable
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

    Of what moves, its still is read. Sound has nothing to read.

    Raises:
        NotScrubbed: as `scrub`; a reader that fails costs nobody their picture.
    """
    made = await scrub(source, out, limits)
    seen = _to_be_read(made)
    if seen is None:
        return made
    try:
        words = await read_words(seen, languages, limits)
    except NotScrubbed:
        return msgspec.structs.replace(made, reading=Reading.FAILED)
    return msgspec.structs.replace(made, reading=Reading.DONE, text=words)


async def read_words(picture: Path, languages: str, limits: Limits) -> str:
    """What is written in a WebP of ours.

    Raises:
        NotScrubbed: the reader is missing, fell over, or took too long.
    """
    with tempfile.TemporaryDirectory(dir=picture.parent) as folder:
        said = await hear(
            PROGRAM, languages, str(picture), folder, folder=Path(folder), limits=limits
        )
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


def _to_be_read(made: Scrubbed) -> Path | None:
    """The largest form of a picture, the still of one that moves."""
    stills = [one for one in made.variants if one.name == "poster"] or made.variants[:1]
    return next((one.file for one in stills if _is_picture(one)), None)


def _is_picture(one: Variant) -> bool:
    return one.content_type == "image/webp"


def _understood(said: tuple[bytes, int]) -> Heard:
    try:
        return msgspec.json.decode(said[0], type=Heard)
    except msgspec.DecodeError as fault:
        raise NotScrubbed(refusals.UNCHECKED) from fault
