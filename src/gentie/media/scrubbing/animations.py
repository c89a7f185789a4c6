"""Animations: every frame decoded, and written anew as one animated WebP and one still."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from PIL import Image

from gentie.media import refusals
from gentie.media.limits import Limits
from gentie.media.scrubbing import colours
from gentie.media.scrubbing.said import Derived, Refused, Said
from gentie.media.scrubbing.writing import EFFORT, QUALITY, seen, write

WIDTHS: Final = (640, 320, 160)
HELD: Final = 40_000_000
"""Pixels of all frames together that are held at once (4 bytes each)."""
_SHORTEST: Final = 20
"""Milliseconds of one frame: less is a flicker, and browsers make it 100."""
_LONGEST: Final = 60_000
_STILL: Final = 100
"""Where a file gives no time."""


def scrub(picture: Image.Image, form: str, out: Path, limits: Limits) -> Said:
    """Raises Refused: more frames, or more pixels in all of them, than are taken."""
    width, height = picture.size
    most = min(limits.frames, max(1, limits.animated_pixels // (width * height)))
    count = _count(picture, form, most)
    frames = list(_frames(picture, count, _side_for(picture.size, count)))
    stills, times = [frame for frame, _ in frames], [time for _, time in frames]
    looks = seen(stills[0], size=picture.size)
    poster = write(stills[0].copy(), out, "poster")
    facts = {**looks, "animated": True, "frames": len(frames), "seconds": sum(times) / 1000}
    return Said(kind="picture", variants=(_write(stills, times, out), poster), facts=facts)


def _count(picture: Image.Image, form: str, most: int) -> int:
    """Frames as the file says; a GIF says nothing, so they are counted up to `most`."""
    count = _counted(picture, most) if form == "GIF" else int(getattr(picture, "n_frames", 1))
    if count > most:
        raise Refused(refusals.FRAMES)
    return count


def _counted(picture: Image.Image, most: int) -> int:
    try:
        for number in range(1, most + 1):
            picture.seek(number)
    except EOFError:
        return picture.tell() + 1
    finally:
        picture.seek(0)
    return most + 1


def _side_for(size: tuple[int, int], count: int) -> int:
    """The largest of WIDTHS with which all frames can be held."""
    ratio = size[0] * size[1] / max(size) ** 2
    return next((one for one in WIDTHS if one * one * ratio * count <= HELD), WIDTHS[-1])


def _frames(picture: Image.Image, count: int, side: int) -> Iterator[tuple[Image.Image, int]]:
    """Each frame whole, and how many milliseconds it stays."""
    for number in range(count):
        try:
            picture.seek(number)
        except EOFError:  # it said there were more
            return
        frame = colours.plain(picture)
        frame.thumbnail((side, side), Image.Resampling.HAMMING)
        frame.info.clear()
        yield frame, _time_of(picture.info.get("duration"))


def _time_of(said: Any) -> int:
    time = int(said) if isinstance(said, int | float) and said > 0 else _STILL
    return min(max(time, _SHORTEST), _LONGEST)


def _write(frames: list[Image.Image], times: list[int], out: Path) -> Derived:
    width, height = frames[0].size
    name = str(next(one for one in reversed(WIDTHS) if one >= max(width, height)))
    path = out / f"{name}.webp"
    frames[0].save(
        path,
        "WEBP",
        save_all=True,
        append_images=frames[1:],
        duration=times,
        loop=0,
        quality=QUALITY,
        method=EFFORT,
    )
    return Derived(name=name, file=path.name, content_type="image/webp", width=width, height=height)
