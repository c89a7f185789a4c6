"""DPlayer: the collection of its server (JSON, JSON lines), or what its server answers players.

Its server kept text and author as HTML; here they are words again.
"""

from collections.abc import Iterator
from html import unescape
from typing import Any, Final

from gentie.cli.imports.fields import first, identity, moment, words
from gentie.cli.imports.json_pull import Pull, any_of
from gentie.cli.imports.model import (
    BadExport,
    Contact,
    OldComment,
    Reading,
    Record,
    Unreadable,
)
from gentie.cli.imports.opening import ExportFile
from gentie.cli.imports.readers.over_video import Video, colour_of
from gentie.danmaku.model import Mode

_MODES: Final = {
    "0": Mode.SCROLL,
    "right": Mode.SCROLL,
    "1": Mode.TOP,
    "top": Mode.TOP,
    "2": Mode.BOTTOM,
    "bottom": Mode.BOTTOM,
}
_ANSWERED: Final = ("time", "type", "color", "author", "text")
"""What stands for what in an answer to a player."""
_ARRAYS: Final = ("data", "danmaku")


def read_dplayer(file: ExportFile, reading: Reading) -> Iterator[Record]:
    """Raises BadExport."""
    video, read, fits = Video(file), 0, False
    yield video.thread()
    with file.open() as opened:
        for row in _rows(Pull(opened)):
            read += 1
            said = dict(zip(_ANSWERED, row, strict=False)) if isinstance(row, list) else row
            if isinstance(said, dict) and {"time", "text"} <= said.keys():
                fits = True
                yield _line(said, video, reading)
            else:
                yield Unreadable(why="no line over a video")
    if read and not fits:
        raise BadExport("this is JSON, but holds no danmaku of DPlayer")


def _rows(pull: Pull) -> Iterator[Any]:
    """Each record, be it in an array, on a line of its own, or in an answer."""
    for _ in pull.documents():
        if pull.kind() == "[":
            for _ in pull.items():
                yield any_of(pull)
        elif pull.kind() == "{":
            yield from _object(pull)
        else:
            yield any_of(pull)


def _object(pull: Pull) -> Iterator[Any]:
    said: dict[str, Any] = {}
    for name in pull.members():
        if name in _ARRAYS and pull.kind() == "[":
            for _ in pull.items():
                yield any_of(pull)
        elif pull.kind() == "[":
            pull.skip()
        else:
            said[name] = any_of(pull)
    if "text" in said:
        yield said


def _line(said: dict[str, Any], video: Video, reading: Reading) -> OldComment:
    return video.line(
        unescape(words(said.get("text"))),
        seconds=said.get("time"),
        mode=_MODES.get(words(said.get("type")).lower()),
        colour=colour_of(said.get("color")),
        at=moment(first(said, "date", "createdAt"), reading.local),
        video=unescape(words(first(said, "player", "id"))),
        id_=identity(said.get("_id")),
        author=unescape(words(said.get("author"))),
        contact=Contact(address=words(said.get("ip"))) if reading.contact else None,
    )
