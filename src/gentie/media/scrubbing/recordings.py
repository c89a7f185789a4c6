"""Sound and video: read by one named reader, decoded, and written anew as WebM.

The reader is the one that the first bytes name, never FFmpeg's own guess: playlists and lists of
files are readers too. Of what it finds, one picture track and one sound track are decoded; titles,
chapters, subtitles, covers and data tracks stay behind.
"""

import os
from pathlib import Path
from typing import IO, Final

import av
import av.logging
from av.audio.stream import AudioStream
from av.codec.context import CodecContext
from av.container import InputContainer
from av.stream import Disposition
from av.video.stream import VideoStream

from gentie.media import refusals
from gentie.media.limits import Limits
from gentie.media.scrubbing import sounds, videos
from gentie.media.scrubbing.said import Refused, Said

_PICTURES: Final = {"h264", "hevc", "vp8", "vp9", "av1", "libdav1d", "mpeg4"}
_SOUNDS: Final = {"aac", "mp3", "mp3float", "opus", "libopus", "vorbis", "flac", "alac"}
_OPTIONS: Final = {"protocol_whitelist": "none", "max_streams": "100"}
"""A reader that wants to open something else has no way to."""

av.logging.set_level(None)


def scrub(file: IO[bytes], form: str, out: Path, limits: Limits) -> Said:
    """Derivatives of the recording in `file`, which is read as `form` and nothing else.

    Raises:
        Refused: too long, too large, too many tracks, or nothing that can be heard or seen.
    """
    with _opened(file, form) as source:
        if len(source.streams) > limits.streams:
            raise Refused(refusals.STREAMS)
        picture, sound = _picture_of(source), _sound_of(source)
        _check(source, picture, sound, limits)
        _check_size(file, limits.video_bytes if picture else limits.sound_bytes)
        if picture:
            return videos.scrub(source, picture, sound, out, limits)
        return sounds.scrub(source, _there(sound), out, limits)


def _opened(file: IO[bytes], form: str) -> InputContainer:
    try:
        return av.open(file, "r", format=form, options=_OPTIONS, metadata_errors="replace")
    except MemoryError as fault:  # what FFmpeg says of more tracks than it is told to take
        raise Refused(refusals.STREAMS) from fault


def _picture_of(source: InputContainer) -> VideoStream | None:
    """The first that moves: the cover of a song is a picture track too."""
    covers = Disposition.attached_pic | Disposition.timed_thumbnails
    return next((one for one in source.streams.video if not one.disposition & covers), None)


def _sound_of(source: InputContainer) -> AudioStream | None:
    return next(iter(source.streams.audio), None)


def _check(
    source: InputContainer,
    picture: VideoStream | None,
    sound: AudioStream | None,
    limits: Limits,
) -> None:
    """What the file says of itself; what turns out to be so is checked while it is decoded."""
    longest = limits.video_seconds if picture else limits.sound_seconds
    if source.duration and source.duration > longest * av.time_base:
        raise Refused(refusals.LENGTH)
    for stream, known in ((picture, _PICTURES), (sound, _SOUNDS)):
        if stream is not None:
            _check_codec(stream, known)
    if picture and not videos.fits(picture.codec_context, limits):
        raise Refused(refusals.PIXELS)


def _check_codec(stream: VideoStream | AudioStream, known: set[str]) -> None:
    context: CodecContext | None = stream.codec_context
    name = "" if context is None else context.name
    if name not in known and not name.startswith("pcm_"):
        raise Refused(refusals.CODEC)


def _check_size(file: IO[bytes], most: int) -> None:
    if os.fstat(file.fileno()).st_size > most:
        raise Refused(refusals.BYTES)


def _there(sound: AudioStream | None) -> AudioStream:
    if sound is None:
        raise Refused(refusals.BROKEN)
    return sound
