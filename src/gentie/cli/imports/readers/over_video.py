"""What files of danmaku have in common: lines over one video, often without ids or times."""

import hashlib
from collections import Counter
from datetime import UTC, datetime
from typing import Final

from gentie.cli.imports.fields import words
from gentie.cli.imports.model import Contact, Markup, OldComment, OldThread
from gentie.cli.imports.opening import ExportFile
from gentie.danmaku.model import WHITE, Mode, Wanted
from gentie.danmaku.rules import LONGEST_MS

_NOWHERE: Final = "not in the video"


class Video:
    """The lines of one file. What names no video is over the one that the file is called after."""

    def __init__(self, file: ExportFile) -> None:
        self.name = file.path.name.partition(".")[0]
        self._at = datetime.fromtimestamp(int(file.path.stat().st_mtime), UTC)
        self._same: Counter[str] = Counter()

    def thread(self) -> OldThread:
        """What has no time of its own is as old as the file."""
        return OldThread(handle=self.name, at=self._at)

    def line(
        self,
        text: str,
        *,
        seconds: object,
        mode: Mode | None,
        colour: int | None,
        at: datetime | None,
        why_not: str = "",
        video: str = "",
        id_: str = "",
        author: str = "",
        person: str = "",
        contact: Contact | None = None,
    ) -> OldComment:
        """A line as the file has it, with an id of its own in any case."""
        t_ms, handle = _moment(seconds), video or self.name
        shown = (handle, str(t_ms), str(mode), author, person, text)
        return OldComment(
            id=id_ or self._id("\n".join(shown)),
            thread=handle,
            author=author,
            person=person,
            created_at=at or self._at,
            text=text,
            markup=Markup.LINE,
            why_not=why_not or (_NOWHERE if t_ms is None else ""),
            over=Wanted(
                t_ms=t_ms, mode=mode or Mode.SCROLL, colour=WHITE if colour is None else colour
            ),
            contact=contact,
        )

    def _id(self, shown: str) -> str:
        """The same at each import; the second line of the same words has another."""
        digest = hashlib.sha256(shown.encode("utf-8", "replace")).hexdigest()[:24]
        self._same[digest] += 1
        return f"{digest}.{self._same[digest]}"


def _moment(seconds: object) -> int | None:
    """In milliseconds. None: no video has it."""
    try:
        t_ms = round(float(words(seconds)) * 1000)
    except (ValueError, OverflowError):
        return None
    return t_ms if 0 <= t_ms < LONGEST_MS else None


def colour_of(value: object) -> int | None:
    """0xRRGGBB of a number, or of "#f00" and "#ff0000". None: it is neither."""
    said = words(value).lower()
    if said.startswith("#"):
        digits = said[1:]
        said = "".join(one * 2 for one in digits) if len(digits) == len("f00") else digits
        return _between(said, 16)
    return _between(said, 10)


def _between(digits: str, base: int) -> int | None:
    try:
        found = int(digits[:12], base)
    except ValueError:
        return None
    return found if 0 <= found <= WHITE else None
