"""Frames out of a recording, as long as it is worth it."""

from collections.abc import Iterator
from typing import Any, Final

from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.error import InvalidDataError
from av.packet import Packet
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from gentie.media import refusals
from gentie.media.scrubbing.said import Refused

Frame = VideoFrame | AudioFrame

_FAULTS: Final = 20
"""Packets that cannot be decoded: a call that broke up has a few, rubbish has nothing else."""


def frames_of(
    source: InputContainer, *streams: VideoStream | AudioStream | None
) -> Iterator[Frame]:
    """Frames of these tracks in the order of the file, decoded one after the other.

    Raises:
        Refused: more of it is broken than can be overlooked.
    """
    wanted = [one for one in streams if one is not None]
    for one in wanted:
        one.codec_context.thread_count = 1  # behind the walls there are no threads
    faults = 0
    for packet in source.demux(*wanted):
        try:
            yield from _decoded(packet)
        except InvalidDataError as fault:
            faults += 1
            if faults > _FAULTS:
                raise Refused(refusals.BROKEN) from fault


def _decoded(packet: "Packet[Any]") -> Iterator[Frame]:
    for frame in packet.decode():
        if isinstance(frame, VideoFrame | AudioFrame):
            yield frame
