"""Video: VP9 and Opus in WebM, 720 lines and 30 pictures a second at most, and stills of it."""

from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from av.container import InputContainer, OutputContainer
from av.filter import Graph
from av.video.codeccontext import VideoCodecContext
from av.video.frame import VideoFrame
from av.video.stream import VideoStream
from PIL import Image

from gentie.media import refusals
from gentie.media.limits import Limits
from gentie.media.scrubbing.decoding import frames_of
from gentie.media.scrubbing.said import Derived, Refused, Said
from gentie.media.scrubbing.sounds import Track, a_webm
from gentie.media.scrubbing.stills import Stills

_LONGER, _SHORTER = 1280, 720
_RATE: Final = 30
_MILLI: Final = Fraction(1, 1000)
_ENCODER: Final = {"deadline": "realtime", "cpu-used": "8", "crf": "36", "g": "120"}
"""A frame in 20 ms on one core. Better pictures cost ten times as much."""
_BITS: Final = 2_000_000
_TURNS: Final = {
    90: ("cclock",),
    -90: ("clock",),
    180: ("clock", "clock"),
    -180: ("clock", "clock"),
}


def fits(context: VideoCodecContext, limits: Limits) -> bool:
    return _fits(context.width, context.height, limits)


def scrub(
    source: InputContainer,
    picture: VideoStream,
    sound: AudioStream | None,
    out: Path,
    limits: Limits,
) -> Said:
    """Raises Refused: too long, too large once decoded, or nothing to be seen."""
    path = out / "video.webm"
    with a_webm(path) as target:
        work = _Work(target=target, limits=limits, sound=_track(target, sound, limits))
        for frame in frames_of(source, picture, sound):
            work.take(frame)
        work.end()
    stills = work.stills
    if work.seen is None or stills.poster is None:
        raise Refused(refusals.BROKEN)
    width, height = work.size
    video = Derived(
        name="video", file=path.name, content_type="video/webm", width=width, height=height
    )
    poster = stills.write_poster(out)
    return Said(
        kind="video",
        variants=(video, poster),
        key_frames=stills.write_frames(out),
        facts=work.facts(),
    )


def _track(target: OutputContainer, sound: AudioStream | None, limits: Limits) -> Track | None:
    return Track(target, limits.video_seconds + 1, waits=True) if sound else None


@dataclass(kw_only=True)
class _Work:
    """One video on its way: what was seen first decides the size, and when it begins."""

    target: OutputContainer
    limits: Limits
    sound: Track | None
    stills: Stills = field(default_factory=Stills)
    size: tuple[int, int] = (0, 0)
    upright: tuple[int, int] = (0, 0)
    """Of the first picture as it came, in pixels."""
    seen: float | None = None
    """Seconds of the last picture; None before the first."""
    _begins: float | None = None
    _due: float = 0.0
    _decoded: int = 0
    _written: int = -1
    _stream: VideoStream | None = None
    _graph: tuple[object, Graph] | None = None

    def take(self, frame: VideoFrame | AudioFrame) -> None:
        if self._begins is None and frame.time is not None:
            self._begins = frame.time
        at = None if frame.time is None else frame.time - (self._begins or 0.0)
        if isinstance(frame, AudioFrame):
            if self.sound:
                self.sound.hear(frame, at)
            return
        self._see(frame, self._next() if at is None else max(0.0, at))

    def end(self) -> None:
        if self._stream:
            self.target.mux(self._stream.encode(None))
        if self.sound:
            self.sound.end()

    def facts(self) -> dict[str, Any]:
        seconds = max(self.seen or 0.0, self.sound.seconds if self.sound else 0.0)
        heard = {"waveform": self.sound.line.points()} if self.sound else {}
        return {
            "width": self.upright[0],
            "height": self.upright[1],
            "seconds": round(seconds, 3),
            "has_sound": self.sound is not None,
            "key_frames": self.stills.facts(),
            **heard,
        }

    def _next(self) -> float:
        return 0.0 if self.seen is None else self.seen + 1 / _RATE

    def _see(self, frame: VideoFrame, at: float) -> None:
        self._check(frame, at)
        self.seen = max(at, self.seen or 0.0)
        if at < self._due:
            return
        self._due = at + 0.9 / _RATE
        shown = self._shown(frame)
        self._write(shown, at)
        if self.stills.wants(at):
            self.stills.see(_picture(shown), at)

    def _check(self, frame: VideoFrame, at: float) -> None:
        if at > self.limits.video_seconds:
            raise Refused(refusals.LENGTH)
        if not _fits(frame.width, frame.height, self.limits):
            raise Refused(refusals.PIXELS)
        self._decoded += frame.width * frame.height
        if self._decoded > self.limits.decoded_pixels:
            raise Refused(refusals.HEAVY)

    def _shown(self, frame: VideoFrame) -> VideoFrame:
        """Upright and in the size of this video. A frame that is another than before is scaled."""
        kind = (frame.width, frame.height, frame.format.name, frame.rotation)
        if self._graph is None or self._graph[0] != kind:
            if self._graph is None:
                self.upright = _upright(frame)
                self.size = _size_for(*self.upright)
            self._graph = (kind, _a_graph(frame, self.size))
        graph = self._graph[1]
        frame.pts, frame.time_base = 0, _MILLI
        graph.vpush(frame)
        return graph.vpull()

    def _write(self, frame: VideoFrame, at: float) -> None:
        if self._stream is None:
            self._stream = _a_stream(self.target, self.size)
            if self.sound:
                self.sound.begin()
        self._written = max(self._written + 1, round(at * 1000))
        frame.pts, frame.time_base = self._written, _MILLI
        self.target.mux(self._stream.encode(frame))


def _picture(frame: VideoFrame) -> Image.Image:
    made: Image.Image = frame.to_image(threads=1)  # type: ignore[no-untyped-call]  # it has no types
    return made


def _fits(width: int, height: int, limits: Limits) -> bool:
    return max(width, height) <= limits.video_side and width * height <= limits.video_pixels


def _upright(frame: VideoFrame) -> tuple[int, int]:
    lies = abs(frame.rotation) == 90  # noqa: PLR2004 degrees
    return (frame.height, frame.width) if lies else (frame.width, frame.height)


def _size_for(width: int, height: int) -> tuple[int, int]:
    """Even numbers within 1280 by 720, or 720 by 1280, never larger than it was."""
    ratio = min(1.0, _LONGER / max(width, height), _SHORTER / min(width, height))
    return max(2, round(width * ratio / 2) * 2), max(2, round(height * ratio / 2) * 2)


def _a_graph(frame: VideoFrame, size: tuple[int, int]) -> Graph:
    graph = Graph()
    graph.threads = 1
    nodes = [
        graph.add_buffer(
            width=frame.width, height=frame.height, format=frame.format, time_base=_MILLI
        ),
        *(graph.add("transpose", turn) for turn in _TURNS.get(frame.rotation, ())),
        graph.add("scale", f"{size[0]}:{size[1]}:flags=bilinear"),
        graph.add("format", "yuv420p"),
        graph.add("buffersink"),
    ]
    graph.link_nodes(*nodes).configure()
    return graph


def _a_stream(target: OutputContainer, size: tuple[int, int]) -> VideoStream:
    stream = target.add_stream("libvpx-vp9", rate=_RATE, options=dict(_ENCODER))
    stream.width, stream.height = size
    stream.pix_fmt = "yuv420p"
    stream.time_base = _MILLI
    context = stream.codec_context
    context.time_base, context.bit_rate, context.thread_count = _MILLI, _BITS, 1
    return stream
