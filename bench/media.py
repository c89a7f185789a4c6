"""What looking inside an upload costs: CPU of the program that does it, and memory at its highest.

    python -m bench.media [--quick]

Pictures are made from a fixed seed with grain like that of a small camera, which is dearer than a
smooth one. Start of the program and of Python are included.
"""

import asyncio
import resource
import tempfile
from collections.abc import Coroutine, Iterator
from pathlib import Path
from random import Random
from typing import Any

from PIL import Image, ImageDraw, ImageFilter

from bench.figures import QUICK, Figure, median, not_measured, report
from gentie.media.adapters.reader import missing, read_words
from gentie.media.adapters.scrubber import scrub
from gentie.media.limits import Limits

SIZE = (1000, 750) if QUICK else (4000, 3000)
TIMES = 1 if QUICK else 5
KINDS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("JPEG", {"quality": 90}),
    ("PNG", {}),
    ("WEBP", {"quality": 90, "method": 0}),
)
LANGUAGES = "chi_sim+eng"
LIMITS = Limits(picture_bytes=100 * 2**20)


def measure() -> Iterator[Figure]:
    picture = a_photo()
    for form, options in KINDS:
        with tempfile.TemporaryDirectory() as folder:
            source = Path(folder, "upload")
            picture.save(source, form, **options)
            yield from _figures(form, source)
    yield Figure(what="  memory, of all of them", value=_memory(), unit="MB", most=400)
    yield from _read(picture)


def _read(picture: Image.Image) -> Iterator[Figure]:
    """What reading words adds, where the operator asks for it; no bar is set for it."""
    with tempfile.TemporaryDirectory() as folder:
        if lacks := asyncio.run(missing(LANGUAGES, Path(folder))):
            yield not_measured("  words in it", f"{lacks} is missing")
            return
        derived = Path(folder, "2048.webp")
        picture.copy().resize((2048, 1536)).save(derived, "WEBP", quality=80)
        taken = [_cost(read_words([derived], LANGUAGES, LIMITS)) for _ in range(TIMES)]
    note = (
        f"{min(taken):.2f} to {max(taken):.2f}; with its memory, of all of them, {_memory():.0f} MB"
    )
    yield Figure(what=f"  words in it ({LANGUAGES})", value=median(taken), unit="s CPU", note=note)


def a_photo() -> Image.Image:
    """Shapes, out of focus a little, under grain."""
    chance = Random(20261122)  # noqa: S311 the same picture each time
    picture = Image.new("RGB", SIZE, "ivory")
    draw = ImageDraw.Draw(picture)
    for _ in range(400):
        x, y, side = chance.randrange(SIZE[0]), chance.randrange(SIZE[1]), chance.randrange(20, 400)
        draw.ellipse((x, y, x + side, y + side), fill=tuple(chance.choices(range(256), k=3)))
    grain = Image.effect_noise(SIZE, 24).convert("RGB")
    return Image.blend(picture.filter(ImageFilter.GaussianBlur(1)), grain, 0.12)


def _figures(form: str, source: Path) -> Iterator[Figure]:
    taken = [_scrubbed(source) for _ in range(TIMES)]
    million = SIZE[0] * SIZE[1] / 1e6
    size = source.stat().st_size / 2**20
    note = f"{min(taken):.2f} to {max(taken):.2f} in {TIMES} runs; a file of {size:.1f} MB"
    yield Figure(
        what=f"{form}, {million:.0f} megapixels",
        value=median(taken),
        unit="s CPU",
        most=1.5,
        note=note,
    )


def _scrubbed(source: Path) -> float:
    with tempfile.TemporaryDirectory() as out:
        return _cost(scrub(source, Path(out), LIMITS))


def _cost(work: Coroutine[Any, Any, object]) -> float:
    before = _spent()
    asyncio.run(work)
    return _spent() - before


def _spent() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _memory() -> float:
    """The most that any of our programs held, in MB."""
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024


if __name__ == "__main__":
    report("media", measure)
