"""Runs the program that looks inside an upload, and believes little of what it says.

The program has read what a stranger sent. So its answer is short and of one shape, its files lie in
its own folder, and how many bytes they have and what their hash is, is found out here.
"""

import asyncio
import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final, Literal, cast

import msgspec
from msgspec import Struct

from gentie.media import refusals
from gentie.media.adapters.program import NotScrubbed, hear
from gentie.media.limits import Limits
from gentie.media.model import Reading
from gentie.media.scrubbing.said import Derived, Said, understood

PROGRAM: Final = "gentie.media.scrubbing"
_CHUNK: Final = 1024 * 1024
_STARTS: Final = {
    "image/webp": b"RIFF",
    "audio/webm": b"\x1a\x45\xdf\xa3",
    "video/webm": b"\x1a\x45\xdf\xa3",
}
"""What is served as such begins like this; nothing else is taken from the program."""
_TOO_MUCH: Final = {-9, -24}
"""Ended by the system: out of memory (SIGKILL), out of its seconds (SIGXCPU)."""

Kind = Literal["picture", "audio", "video"]


class Variant(Struct, frozen=True, kw_only=True):
    name: str
    """`320` to `2048` by the longer side, `poster`, `audio`, `video`, `frame-N`."""
    file: Path
    content_type: str
    width: int
    """Pixels; 0 of what is only heard."""
    height: int
    sha256: str
    bytes: int


class Scrubbed(Struct, frozen=True, kw_only=True):
    kind: Kind
    variants: tuple[Variant, ...]
    """Largest first."""
    facts: dict[str, Any]
    """Pictures: width, height (of the original, upright), animated, pdq, pdq_quality; moving ones
    also frames, seconds. Sound: seconds, waveform (0 to 255 each). Video: seconds, width, height,
    has_sound, and waveform where it has."""
    reading: Reading = Reading.NONE
    text: str = ""
    """What a reader found written in it."""
    key_frames: tuple[Variant, ...]
    walls: tuple[str, ...]
    """What stood around the program: resources, network, files, calls."""


async def scrub(source: Path, out: Path, limits: Limits) -> Scrubbed:
    """Derivatives of `source` in the empty folder `out`, which the caller clears away.

    Raises:
        NotScrubbed: not taken, and why. `media-unchecked` when the program could not be run.
    """
    said = await _asked(source, out, limits)
    if said.refused:
        raise NotScrubbed(said.refused if said.refused in refusals.REASONS else refusals.BROKEN)
    if said.kind not in {"picture", "audio", "video"} or not said.variants:
        raise NotScrubbed(refusals.BROKEN)
    return Scrubbed(
        kind=cast(Kind, said.kind),
        variants=await asyncio.to_thread(_variants, said.variants, out, limits),
        facts=said.facts,
        key_frames=await asyncio.to_thread(_variants, said.key_frames, out, limits),
        walls=said.walls,
    )


async def _asked(source: Path, out: Path, limits: Limits) -> Said:
    paths = await asyncio.to_thread(lambda: (str(source.absolute()), str(out.absolute())))
    return _answer(*await hear(PROGRAM, *paths, folder=out, limits=limits))


def _answer(line: bytes, code: int) -> Said:
    """What it said; when it was ended or fell over, what that means."""
    if code in _TOO_MUCH:
        raise NotScrubbed(refusals.HEAVY)
    try:
        return understood(line)
    except msgspec.DecodeError as fault:
        raise NotScrubbed(refusals.BROKEN if code < 0 else refusals.UNCHECKED) from fault


def _variants(told: Iterable[Derived], out: Path, limits: Limits) -> tuple[Variant, ...]:
    return tuple(_variant(one, out, limits) for one in told)


def _variant(told: Derived, out: Path, limits: Limits) -> Variant:
    path = out / told.file
    if path.parent != out or path.is_symlink() or not path.is_file():
        raise NotScrubbed(refusals.BROKEN)
    size = path.stat().st_size
    if not 0 < size <= limits.written:
        raise NotScrubbed(refusals.HEAVY)
    return Variant(
        name=told.name,
        file=path,
        content_type=told.content_type,
        width=told.width,
        height=told.height,
        sha256=_hash_of(path, _STARTS.get(told.content_type)),
        bytes=size,
    )


def _hash_of(path: Path, start: bytes | None) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        if start is None or file.read(len(start)) != start:
            raise NotScrubbed(refusals.BROKEN)
        file.seek(0)
        while more := file.read(_CHUNK):
            digest.update(more)
    return digest.hexdigest()
