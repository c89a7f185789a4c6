"""Where a line may stand, and which lines are drawn where there are too many. Pure.

Which lines are drawn is decided by a hash of their ids and of the place they stand in: whoever has
the ids can repeat it. Nothing that somebody says, and nobody's name, has a part in it (2017-7,
2022-12).
"""

import hashlib
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from gentie.danmaku.model import (
    WHITE,
    BadMoment,
    BadStream,
    Mode,
    Rate,
    Stream,
    StreamKind,
    StyleNotOffered,
    Styles,
    Wanted,
)
from gentie.kernel.ids import CommentId

SEGMENT_MS = 120_000
LONGEST_MS = 24 * 60 * 60 * 1000
"""A video, or a broadcast, of one day."""
LONGEST_DELAY = timedelta(minutes=10)
CALM = timedelta(seconds=10)
"""How long fewer lines must come before it is said that more of them are sent."""
MOST_DRAWN = 1000
"""Lines of a segment that are drawn. The transcript has all."""
PALETTE = {
    "white": WHITE,
    "red": 0xFF6B6B,
    "orange": 0xFFA94D,
    "yellow": 0xFFE066,
    "green": 0x69DB7C,
    "cyan": 0x66D9E8,
    "blue": 0x74C0FC,
    "violet": 0xB197FC,
    "pink": 0xFAA2C1,
}
"""Light colours with six digits each: legible over pictures, and players drop leading zeros."""


def styles_left(*, positions: bool, colours: bool) -> Styles:
    """What somebody may choose from. Crossing the picture in white is nobody's to take."""
    return Styles(
        modes=frozenset(Mode) if positions else frozenset({Mode.SCROLL}),
        colours=frozenset(PALETTE.values()) if colours else frozenset({WHITE}),
    )


def require_style(wanted: Wanted, styles: Styles) -> None:
    """Raises StyleNotOffered."""
    if wanted.mode not in styles.modes or wanted.colour not in styles.colours:
        raise StyleNotOffered(
            modes=sorted(styles.modes), colours=[f"{one:06x}" for one in sorted(styles.colours)]
        )


def nearest_colour(colour: int) -> int:
    """The colour of the palette that looks most like one that another player sends."""
    return min(PALETTE.values(), key=lambda one: (_distance(one, colour), one))


def _distance(one: int, other: int) -> int:
    parts = ((one >> shift & 255) - (other >> shift & 255) for shift in (0, 8, 16))
    return sum(part * part for part in parts)


def stream_of(declared: Stream | None, *, video: bool) -> Stream | None:
    """What a thread's video is: as declared, else recorded where it is one. None: no danmaku."""
    stream = declared or (Stream(kind=StreamKind.RECORDED) if video else None)
    return None if stream is None or stream.kind is StreamKind.OFF else stream


def require_stream(stream: Stream) -> None:
    """Raises BadStream: live without a beginning, recorded with one, or a delay beyond bounds."""
    live = stream.kind is StreamKind.LIVE
    within = timedelta(0) <= stream.delay <= LONGEST_DELAY
    if live != (stream.started_at is not None) or not within or (stream.delay and not live):
        raise BadStream(longest_seconds=int(LONGEST_DELAY.total_seconds()))


def moment_of(wanted: Wanted, stream: Stream, *, now: datetime) -> int:
    """Milliseconds into the video at which a line shows.

    Raises:
        BadMoment: none was named for a recorded video, or it is outside, or still to come.
    """
    last = LONGEST_MS - 1
    if stream.started_at is not None:
        last = min(last, (now - stream.started_at) // timedelta(milliseconds=1))
    t_ms = last if wanted.t_ms is None and stream.started_at is not None else wanted.t_ms
    if t_ms is None or not 0 <= t_ms <= last:
        raise BadMoment(last_ms=last)
    return t_ms


def goes_live(stream: Stream, *, written_at: datetime, now: datetime) -> bool:
    """Whether a line still goes over the picture of those who watch, or only into the transcript.

    What was not decided within the delay of its broadcast came too late for it.
    """
    return stream.kind is not StreamKind.LIVE or now <= written_at + max(stream.delay, _SLACK)


_SLACK = timedelta(seconds=5)
"""A broadcast without delay still has lines that took a moment to get here."""


def segment_of(t_ms: int) -> int:
    return t_ms // SEGMENT_MS


def drawn(ids: Sequence[CommentId], salt: str, *, most: int) -> Collection[CommentId]:
    """At most so many of the lines, each with the same chance whatever it says."""
    if len(ids) <= most:
        return ids
    return frozenset(sorted(ids, key=lambda one: _draw(one, salt))[:most])


def next_rate(rate: Rate, lines: int, *, most: int, now: datetime) -> Rate:
    """The rate after a batch of which `most` lines are sent: up at once, down when it stays calm.

    Powers of two, so that it changes seldom enough to be told and kept.
    """
    needed = 1
    while lines > needed * most:
        needed *= 2
    if needed >= rate.one_in:
        return Rate(one_in=needed)
    since = rate.calm_since or now
    calm = now - since >= CALM
    return Rate(one_in=needed) if calm else Rate(one_in=rate.one_in, calm_since=since)


def _draw(comment: CommentId, salt: str) -> bytes:
    return hashlib.blake2b(f"{salt}/{comment}".encode(), digest_size=16).digest()
