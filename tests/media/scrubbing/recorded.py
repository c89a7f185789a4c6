"""Honest recordings, made with the same library that reads them, and parts to make hostile ones."""

import math
from array import array
from collections.abc import Iterator
from fractions import Fraction
from io import BytesIO
from struct import pack, unpack
from typing import Any

import av
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler
from av.audio.stream import AudioStream
from av.container import OutputContainer
from av.video.frame import VideoFrame
from av.video.stream import VideoStream
from PIL import Image

from tests.media.scrubbing.build import a_photo

RATE = 48_000
SIZE = (96, 64)


def a_video(
    form: str = "mp4",
    codec: str = "libx264",
    *,
    sound: str = "",
    size: tuple[int, int] = SIZE,
    seconds: float = 1,
    fps: int = 10,
    times: list[float] | None = None,
    options: dict[str, str] | None = None,
) -> bytes:
    """A square that wanders. `times`: when each frame is shown, in seconds; else `fps`."""
    held = BytesIO()
    with av.open(held, "w", format=form, options=options or {}) as target:
        stream = _a_screen(target, codec, size, fps)
        heard = _a_track(target, sound) if sound else None
        shown = times or [number / fps for number in range(int(seconds * fps))]
        for number, at in enumerate(shown):
            target.mux(stream.encode(a_frame(number, at, size)))
        target.mux(stream.encode(None))
        if heard:
            _play(target, heard, seconds)
    return held.getvalue()


def a_frame(number: int, at: float, size: tuple[int, int]) -> VideoFrame:
    picture = a_photo(7, size)
    picture.paste("red", (number * 3 % size[0], 4, number * 3 % size[0] + 12, 16))
    return _as_frame(picture, at)


def slides(*pictures: Image.Image, each: int = 3) -> bytes:
    """A video that shows one after another, for `each` seconds."""
    held = BytesIO()
    with av.open(held, "w", format="webm") as target:
        stream = _a_screen(target, "libvpx-vp9", pictures[0].size, 1)
        for at in range(len(pictures) * each):
            target.mux(stream.encode(_as_frame(pictures[at // each], at)))
        target.mux(stream.encode(None))
    return held.getvalue()


def _a_screen(target: OutputContainer, codec: str, size: tuple[int, int], fps: int) -> VideoStream:
    stream = target.add_stream(codec, rate=fps)
    assert isinstance(stream, VideoStream)
    stream.width, stream.height = size
    stream.pix_fmt = "yuv420p"
    stream.time_base = stream.codec_context.time_base = Fraction(1, 1000)
    return stream


def _as_frame(picture: Image.Image, at: float) -> VideoFrame:
    frame = VideoFrame.from_image(picture)  # type: ignore[no-untyped-call]  # it has no types
    frame.pts, frame.time_base = round(at * 1000), Fraction(1, 1000)
    return frame  # type: ignore[no-any-return]  # the same


def a_sound(
    form: str = "mp3",
    codec: str = "libmp3lame",
    *,
    seconds: float = 1,
    tracks: int = 1,
    **tags: str,
) -> bytes:
    """A tone that swells once a second."""
    held = BytesIO()
    with av.open(held, "w", format=form) as target:
        target.metadata.update(tags)
        for stream in [_a_track(target, codec) for _ in range(tracks)]:
            _play(target, stream, seconds)
    return held.getvalue()


def _a_track(target: OutputContainer, codec: str) -> AudioStream:
    stream = target.add_stream(codec, rate=RATE)
    assert isinstance(stream, AudioStream)
    return stream


def _play(target: OutputContainer, stream: AudioStream, seconds: float) -> None:
    context = stream.codec_context
    resampler = AudioResampler(
        format=context.format,
        layout=context.layout,
        rate=RATE,
        frame_size=context.frame_size or 1024,
    )
    for one in (*resampler.resample(a_tone(seconds)), *resampler.resample(None)):
        target.mux(stream.encode(one))
    target.mux(stream.encode(None))


def a_tone(seconds: float) -> AudioFrame:
    count = int(RATE * seconds)
    waves = (int(20_000 * math.sin(at / 20) * (at % RATE) / RATE) for at in range(count))
    frame = AudioFrame(format="s16", layout="mono", samples=count)
    frame.planes[0].update(array("h", waves).tobytes())
    frame.sample_rate, frame.pts, frame.time_base = RATE, 0, Fraction(1, RATE)
    return frame


def box(kind: bytes, body: bytes = b"", *, size: int | None = None) -> bytes:
    """Of an MP4; `size` when it is to lie."""
    return pack(">I", len(body) + 8 if size is None else size) + kind + body


def element(name: int, body: bytes = b"", *, size: int | None = None) -> bytes:
    """Of a Matroska file, with eight bytes of length; `size` when it is to lie."""
    length = len(body) if size is None else size
    return name.to_bytes((name.bit_length() + 7) // 8, "big") + pack(">Q", length | 1 << 56) + body


FTYP = box(b"ftyp", b"isom\x00\x00\x02\x00isommp41")
EBML = element(0x1A45DFA3, element(0x4282, b"webm"))


def a_wav(
    *, rate: int = 8000, channels: int = 1, claims: int | None = None, samples: int = 8000
) -> bytes:
    """`claims` bytes of samples where there are two for each."""
    body = bytes(samples * 2)
    shape = pack("<HHIIHH", 1, channels, rate, rate * 2 * channels, 2 * channels % 65_536, 16)
    data = b"data" + pack("<I", len(body) if claims is None else claims) + body
    whole = b"WAVEfmt " + pack("<I", len(shape)) + shape + data
    return b"RIFF" + pack("<I", len(whole)) + whole


def turned(data: bytes, degrees: int) -> bytes:
    """An MP4 as a phone held upright writes it: lying pictures and a note to turn them."""
    at = data.index(b"tkhd") + 4 + 40
    assert unpack(">i", data[at : at + 4]) == (0x10000,)
    cosine, sine = {90: (0, 1), 180: (-1, 0), 270: (0, -1)}[degrees]
    matrix = (cosine, sine, 0, -sine, cosine, 0, 0, 0)
    return data[:at] + b"".join(pack(">i", one << 16) for one in matrix) + data[at + 32 :]


def tracks_of(path: Any) -> Iterator[tuple[str, str]]:
    """Kind and codec of each track of what came out."""
    with av.open(str(path)) as source:
        assert source.metadata.keys() <= {"ENCODER", "encoder"}
        for stream in source.streams:
            assert stream.metadata.keys() <= {"DURATION", "ENCODER", "encoder"}
            yield stream.type, stream.codec_context.name
