"""Sound: Opus in WebM, two channels at most, and a line that shows where it is loud."""

from collections.abc import Iterator
from fractions import Fraction
from itertools import chain, pairwise
from pathlib import Path
from typing import Any, Final

import av
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler
from av.audio.stream import AudioStream
from av.container import InputContainer, OutputContainer
from av.packet import Packet

from gentie.media import refusals
from gentie.media.limits import Limits
from gentie.media.scrubbing.decoding import frames_of
from gentie.media.scrubbing.said import Derived, Refused, Said

POINTS: Final = 120
"""Of the line."""
_RATE: Final = 48_000
_BITS: Final = 96_000
_CODEC_FRAME: Final = 960
_LOUDEST: Final = 32_768
_GAP: Final = _RATE // 10
"""Samples of silence that are kept when the file's clock jumps ahead; less is a clock's fault."""


class Line:
    """How loud it is over time: the largest of each frame that is written, then of each point."""

    def __init__(self) -> None:
        self._peaks: list[int] = []

    def hear(self, frame: AudioFrame) -> None:
        """Every third sample of both sides by turns: what is loud is loud for longer than that."""
        samples = memoryview(bytes(frame.planes[0])).cast("h")[::3]
        highest, lowest = max(samples), min(samples)
        self._peaks.append(max(highest, -lowest))

    def rest(self, samples: int) -> None:
        self._peaks += [0] * (samples // _CODEC_FRAME)

    def points(self) -> list[int]:
        """0 to 255, as many as there are or POINTS."""
        count = min(POINTS, len(self._peaks))
        edges = [len(self._peaks) * at // count for at in range(count + 1)] if count else [0]
        parts = (self._peaks[a:b] for a, b in pairwise(edges))
        return [min(255, round(255 * max(part) / _LOUDEST)) for part in parts]


class Track:
    """Writes what is heard; `seconds` is how much that is so far."""

    def __init__(self, target: OutputContainer, limit: float, *, waits: bool = False) -> None:
        """`waits`: for `begin`, since a file names all its tracks before the first sound of one."""
        self._target, self._limit = target, limit
        self._waiting: list[Packet[Any]] | None = [] if waits else None
        self._stream = target.add_stream("libopus", rate=_RATE, layout="stereo")
        self._stream.codec_context.bit_rate = _BITS
        self._resampler = AudioResampler(
            format="s16", layout="stereo", rate=_RATE, frame_size=_CODEC_FRAME
        )
        self._next = 0
        self.line = Line()

    @property
    def seconds(self) -> float:
        return self._next / _RATE

    def begin(self) -> None:
        """The other tracks are there: write what was heard before."""
        if self._waiting is not None:
            packets, self._waiting = self._waiting, None
            self._mux(packets)

    def hear(self, frame: AudioFrame, at: float | None) -> None:
        """`at`: seconds from the start, by the file's clock; None when it has none.

        Raises:
            Refused: it is longer than is taken.
        """
        self._rest(0 if at is None else int(at * _RATE) - self._next)
        frame.pts = None
        self._write(self._resampler.resample(frame))

    def end(self) -> None:
        self._write(self._resampler.resample(None))
        self._mux(self._stream.encode(None))

    def _mux(self, packets: "list[Packet[Any]]") -> None:
        if self._waiting is None:
            self._target.mux(packets)
        else:
            self._waiting += packets

    def _rest(self, samples: int) -> None:
        if samples > _GAP:
            self._next += samples
            self._check()
            self.line.rest(samples)

    def _check(self) -> None:
        if self.seconds > self._limit:
            raise Refused(refusals.LENGTH)

    def _write(self, frames: list[AudioFrame]) -> None:
        for one in frames:
            self._check()
            self.line.hear(one)
            one.pts, one.time_base = self._next, Fraction(1, _RATE)
            self._next += one.samples
            self._mux(self._stream.encode(one))


def scrub(source: InputContainer, sound: AudioStream, out: Path, limits: Limits) -> Said:
    """Raises Refused: too long, or nothing to be heard."""
    path = out / "audio.webm"
    with a_webm(path) as target:
        track = Track(target, limits.sound_seconds)
        heard = _heard(source, sound)
        first = next(heard, None)
        if first is None:
            raise Refused(refusals.BROKEN)
        for frame in chain((first,), heard):
            track.hear(frame, None)
        track.end()
    facts = {"seconds": round(track.seconds, 3), "waveform": track.line.points()}
    made = Derived(name="audio", file=path.name, content_type="audio/webm")
    return Said(kind="audio", variants=(made,), facts=facts)


def a_webm(path: Path) -> OutputContainer:
    """Without the name and version of the program that wrote it."""
    return av.open(path, "w", format="webm", options={"fflags": "+bitexact"})


def _heard(source: InputContainer, sound: AudioStream) -> Iterator[AudioFrame]:
    for frame in frames_of(source, sound):
        if isinstance(frame, AudioFrame):
            yield frame
