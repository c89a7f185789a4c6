"""Danmaku as XML: `<i>` with a `<d p="time,mode,size,colour,unixtime,pool,userhash,rowid">` each.

Lines that a script moved, and those at a place of their own, cannot be shown here as they were:
they are left out, and counted.
"""

from collections.abc import Iterator
from datetime import UTC
from typing import Final

from gentie.cli.imports.fields import identity, moment
from gentie.cli.imports.model import BadExport, OldComment, Reading, Record, Unreadable
from gentie.cli.imports.opening import ExportFile
from gentie.cli.imports.readers.over_video import Video, colour_of
from gentie.cli.imports.xml_records import Closed, Element, records_in
from gentie.danmaku.model import Mode

_MODES: Final = {
    "1": Mode.SCROLL,
    "2": Mode.SCROLL,
    "3": Mode.SCROLL,
    "4": Mode.BOTTOM,
    "5": Mode.TOP,
    "6": Mode.SCROLL,
}
"""6 came from the left; it crosses the picture all the same."""
_FIELDS: Final = 4
"""Time, mode, size and colour are in every dialect; the others may be missing."""
_ALL: Final = 8


def read_danmaku_xml(file: ExportFile, reading: Reading) -> Iterator[Record]:
    """Raises BadExport."""
    video, fits = Video(file), False
    yield video.thread()
    with file.open() as opened:
        told = records_in(
            opened, records=frozenset({"d"}), around=frozenset({"i"}), prefix=lambda _: "other"
        )
        for one in told:
            if isinstance(one, Closed):
                fits = True
            elif one.name == "d":
                fits = True
                yield _line(one, video, reading)
            elif one.name == "chatid" and identity(one.text):
                video.name = one.text
                yield video.thread()
    if not fits:
        raise BadExport("this is XML, but holds no danmaku: there is no <d> in an <i>")


def _line(found: Element, video: Video, reading: Reading) -> OldComment | Unreadable:
    said = found.attributes.get("p", "").split(",")
    if len(said) < _FIELDS:
        return Unreadable(why="a line without time, mode, size and colour")
    seconds, mode, _, colour, unixtime, _, person, row = (said + [""] * _ALL)[:_ALL]
    shown = _MODES.get(mode.strip())
    return video.line(
        found.text,
        seconds=seconds,
        mode=shown,
        colour=colour_of(colour),
        at=moment(unixtime, reading.zone or UTC),
        why_not="" if shown else "moved by a script",
        id_=identity(row),
        person=f"hash:{person}" if identity(person) else "",
    )
