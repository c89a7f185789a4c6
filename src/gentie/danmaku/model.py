"""The nouns of danmaku: a moment in a video, how a line crosses it, and what is sent of both."""

import enum
from datetime import datetime, timedelta

import msgspec

from gentie.kernel.ids import CommentId, ThreadId
from gentie.kernel.refusal import Refusal

FEATURE = "comment.danmaku"
"""Under this name its security assessment lets it go online on a site."""
WHITE = 0xFFFFFF


class Mode(enum.StrEnum):
    SCROLL = "scroll"
    TOP = "top"
    BOTTOM = "bottom"


class StreamKind(enum.StrEnum):
    RECORDED = "recorded"
    LIVE = "live"
    OFF = "off"
    """No new danmaku. What there is can still be read."""


class Stream(msgspec.Struct, frozen=True, kw_only=True):
    """What a thread's video is, as its site says."""

    kind: StreamKind
    started_at: datetime | None = None
    """When a live broadcast began: its times count from here. None: it is recorded."""
    delay: timedelta = timedelta(0)
    """How long a live broadcast is held back before viewers see it. Whatever is reviewed first has
    to be decided within it, or never goes over the picture."""


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """Where a sender wants a line to show, and how."""

    t_ms: int | None
    """Milliseconds into the video. None: now, in a live broadcast."""
    mode: Mode = Mode.SCROLL
    colour: int = WHITE
    """0xRRGGBB, of the palette."""


class Placed(msgspec.Struct, frozen=True, kw_only=True):
    """Where a contribution shows. It keeps its moment whatever happens to it."""

    thread: ThreadId
    id: CommentId
    t_ms: int
    mode: Mode
    colour: int


class Segment(msgspec.Struct, frozen=True, kw_only=True):
    """Two minutes of a video."""

    number: int
    rev: int
    """Goes up with each line that comes or leaves."""
    count: int
    """Lines that are public."""


class RateSince(msgspec.Struct, frozen=True, kw_only=True):
    """Which part of the lines those who follow are sent, from a moment on."""

    since: datetime
    one_in: int
    """1: all of them."""


class Rate(msgspec.Struct, frozen=True, kw_only=True):
    """The part that is sent now, and since when it would have been enough to leave out less."""

    one_in: int = 1
    calm_since: datetime | None = None
    """None: the last lines needed it."""


class Styles(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody may choose from."""

    modes: frozenset[Mode]
    colours: frozenset[int]


class BadMoment(Refusal):
    code, says = "bad-moment", "This moment is not in the video, or not yet."


class StyleNotOffered(Refusal):
    code, says = "style-not-offered", "This position or colour is not offered to you here."


class BadStream(Refusal):
    code, says = (
        "bad-stream",
        "A live broadcast has a beginning, and a delay of 10 minutes at most.",
    )


class NoSuchSegment(Refusal):
    code, says = "no-such-segment", "There is no such part of the video's danmaku."


class SegmentSuperseded(Refusal):
    code, says = "segment-superseded", "This part has changed. Read the manifest again."
