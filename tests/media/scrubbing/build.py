"""Honest files, to be taken, and to be made hostile."""

import json
import zlib
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from random import Random
from struct import pack, unpack
from typing import Any

from PIL import Image, ImageDraw

from gentie.media.adapters.program import NotScrubbed
from gentie.media.adapters.scrubber import Scrubbed, scrub
from gentie.media.limits import Limits

SMALL = Limits(cpu_seconds=10, long_cpu_seconds=20, wall_seconds=60)


def a_photo(seed: int = 1, size: tuple[int, int] = (512, 384)) -> Image.Image:
    """Rectangles of chance, the same for the same seed."""
    chance = Random(seed)  # noqa: S311 the same pictures each time
    picture = Image.new("RGB", size, "ivory")
    draw = ImageDraw.Draw(picture)
    for _ in range(60):
        x, y = chance.randrange(size[0]), chance.randrange(size[1])
        to = x + chance.randrange(8, 120), y + chance.randrange(8, 120)
        draw.rectangle((x, y, *to), fill=(chance.randrange(256), chance.randrange(256), x % 256))
    return picture


def a_picture(form: str = "JPEG", size: tuple[int, int] = (512, 384), **options: Any) -> bytes:
    return written(a_photo(1, size), form, **options)


def written(picture: Image.Image, form: str, **options: Any) -> bytes:
    held = BytesIO()
    picture.save(held, form, **options)
    return held.getvalue()


def an_animation(form: str = "GIF", frames: int = 4, size: tuple[int, int] = (64, 48)) -> bytes:
    """Every frame differs: equal ones would be written as one."""
    pictures = [Image.new("P", size, number % 256) for number in range(frames)]
    for number, one in enumerate(pictures):
        one.putpalette(bytes(range(256)) * 3)
        one.putpixel((number % size[0], number // size[0] % size[1]), (number + 1) % 256)
    if form != "GIF":
        pictures = [one.convert("RGB") for one in pictures]
    return written(pictures[0], form, save_all=True, append_images=pictures[1:], duration=50)


def chunk(kind: bytes, body: bytes) -> bytes:
    """Of a PNG."""
    return pack(">I", len(body)) + kind + body + pack(">I", zlib.crc32(kind + body))


def a_png(width: int, height: int, *chunks: bytes, rows: bytes = b"") -> bytes:
    """8 bits of gray; what is to stand before the pixels; the pixels, packed."""
    head = chunk(b"IHDR", pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    body = b"".join(chunks) + (chunk(b"IDAT", rows) if rows else b"")
    return b"\x89PNG\r\n\x1a\n" + head + body + chunk(b"IEND", b"")


def riff_chunks(data: bytes) -> Iterator[str]:
    """Names of the parts of a WebP."""
    at = 12
    while at < len(data):
        (size,) = unpack("<I", data[at + 4 : at + 8])
        yield data[at : at + 4].decode()
        at += 8 + size + size % 2


async def scrubbed(data: bytes, folder: Path, limits: Limits = SMALL) -> Scrubbed:
    """As the job does it: a file, an empty folder, the program."""
    source, out = folder / "upload", folder / "out"
    source.write_bytes(data)
    out.mkdir(exist_ok=True)
    return await scrub(source, out, limits)


async def outcome_of(data: bytes, folder: Path, limits: Limits = SMALL) -> str:
    """The kind of what was taken, or the code of why it was not."""
    try:
        return (await scrubbed(data, folder, limits)).kind
    except NotScrubbed as refused:
        return refused.code


def facts_of(one: Scrubbed) -> str:
    return json.dumps(one.facts)
