"""`python -m gentie.media.scrubbing FILE OUT LIMITS`: one line of JSON on the standard output.

FILE is the upload, OUT an empty folder, LIMITS the JSON of `media.limits.Limits`.
"""

import contextlib
import os
import sys
import traceback
from collections.abc import Callable
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import IO, cast

import msgspec

from gentie.media import refusals
from gentie.media.limits import Limits
from gentie.media.scrubbing.said import Refused, Said, spoken
from gentie.media.scrubbing.sniffing import LOOKED_AT, PICTURES, form_of
from gentie.media.scrubbing.walls import wall_in

Look = Callable[[IO[bytes], str, Path, Limits], Said]


def main(arguments: list[str]) -> int:
    source, out = Path(arguments[0]), Path(arguments[1])
    limits = msgspec.json.decode(arguments[2], type=Limits)
    said = look_at(source, out, limits)
    sys.stdout.buffer.write(spoken(said))
    return 0


def look_at(source: Path, out: Path, limits: Limits) -> Said:
    """What is in the file, or why it is not taken."""
    try:
        with source.open("rb") as file:
            form = form_of(file.read(LOOKED_AT))
            look, cpu_seconds = _looking(form, os.fstat(file.fileno()).st_size, limits)
            file.seek(0)
            walls = wall_in(out, limits, cpu_seconds=cpu_seconds)
            return _looked(partial(look, file, form, out, limits), walls)
    except Refused as refused:
        return Said(refused=refused.code)


def _looked(look: Callable[[], Said], walls: tuple[str, ...]) -> Said:
    """What went wrong goes to the standard error, for who runs this by hand."""
    try:
        return msgspec.structs.replace(look(), walls=walls)
    except Refused as refused:
        return Said(refused=refused.code, walls=walls)
    except MemoryError:
        return Said(refused=refusals.HEAVY, walls=walls)
    except Exception:  # noqa: BLE001 readers of broken files raise whatever they like
        traceback.print_exc()
        return Said(refused=refusals.BROKEN, walls=walls)


def _looking(form: str, size: int, limits: Limits) -> tuple[Look, int]:
    """Who looks, and for how long. All is imported here: behind the walls nothing can be."""
    is_picture = form in PICTURES
    largest = limits.picture_bytes if is_picture else max(limits.sound_bytes, limits.video_bytes)
    if size > largest:
        raise Refused(refusals.BYTES)
    module = import_module(f"gentie.media.scrubbing.{'pictures' if is_picture else 'recordings'}")
    seconds = limits.cpu_seconds if is_picture else limits.long_cpu_seconds
    return cast(Look, module.scrub), seconds


if __name__ == "__main__":
    with contextlib.suppress(BrokenPipeError):  # the parent has heard enough
        sys.exit(main(sys.argv[1:]))
