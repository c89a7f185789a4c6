"""How much of a picture, a sound or a video is taken, and what looking at it may cost."""

from typing import Final

from msgspec import Struct

MIB: Final = 1024 * 1024


class Limits(Struct, frozen=True, kw_only=True):
    """Bytes are bytes, sides and pixels as stored in the file, times in seconds."""

    picture_bytes: int = 20 * MIB
    sound_bytes: int = 50 * MIB
    video_bytes: int = 200 * MIB

    pixels: int = 50_000_000
    """Width by height of one picture, or of one frame of an animation."""
    side: int = 16_384
    frames: int = 300
    """Of an animation."""
    animated_pixels: int = 200_000_000
    """All frames of an animation together, as they are decoded."""

    sound_seconds: float = 1800
    video_seconds: float = 600
    video_side: int = 4096
    video_pixels: int = 4096 * 2304
    decoded_pixels: int = 40_000_000_000
    """All frames of a video together: ten minutes of 1080p at 30 a second are 37 billion."""
    streams: int = 8

    cpu_seconds: int = 20
    """Of a picture. Sound and video have `long_cpu_seconds`."""
    long_cpu_seconds: int = 1200
    wall_seconds: float = 1500
    memory: int = 1024 * MIB
    """Address space of the program that looks inside: what it uses is less."""
    files: int = 64
    """Open at once."""
    written: int = 300 * MIB
    """One derivative at most."""
