"""What a file is, by its first bytes. Names and what a browser says of it count for nothing."""

from collections.abc import Callable
from typing import Final

from gentie.media import refusals
from gentie.media.scrubbing.said import Refused

LOOKED_AT: Final = 4096

PICTURES: Final = {"JPEG", "PNG", "GIF", "WEBP"}
"""Names as Pillow has them."""
RECORDINGS: Final = {"mov", "matroska", "ogg", "mp3", "wav", "flac"}
"""Names as FFmpeg has its readers; no other is ever tried, so no playlist and no address."""

_STARTS: Final[tuple[tuple[str, bytes], ...]] = (
    ("JPEG", b"\xff\xd8\xff"),
    ("PNG", b"\x89PNG\r\n\x1a\n"),
    ("GIF", b"GIF87a"),
    ("GIF", b"GIF89a"),
    ("matroska", b"\x1a\x45\xdf\xa3"),
    ("ogg", b"OggS"),
    ("flac", b"fLaC"),
    ("mp3", b"ID3"),
)
_MPEG_SOUND: Final = {0xFA, 0xFB, 0xF2, 0xF3, 0xE2, 0xE3}
_LISTS: Final = (b"#EXTM3U", b"ffconcat", b"[playlist]", b"<ASX", b"<MPD", b"file ")


def form_of(head: bytes) -> str:
    """A name out of PICTURES or RECORDINGS.

    Raises:
        Refused: empty, a drawing, a list of addresses, or nothing that is taken.
    """
    if not head:
        raise Refused(refusals.EMPTY)
    for form, start in _STARTS:
        if head.startswith(start):
            return form
    for form, fits in _SHAPES:
        if fits(head):
            return form
    raise Refused(_why_not(head))


def _is_riff(head: bytes, kind: bytes) -> bool:
    return head[:4] == b"RIFF" and head[8:12] == kind


def _is_mpeg_sound(head: bytes) -> bool:
    return head[:1] == b"\xff" and len(head) > 1 and head[1] in _MPEG_SOUND


_SHAPES: Final[tuple[tuple[str, Callable[[bytes], bool]], ...]] = (
    ("WEBP", lambda head: _is_riff(head, b"WEBP")),
    ("wav", lambda head: _is_riff(head, b"WAVE")),
    ("mov", lambda head: head[4:8] == b"ftyp"),
    ("mp3", _is_mpeg_sound),
)


def _why_not(head: bytes) -> str:
    text = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    if head[:2] == b"\x1f\x8b" or b"<svg" in text.lower() or text.startswith((b"<?xml", b"<!DOC")):
        return refusals.DRAWING
    return refusals.PLAYLIST if text.startswith(_LISTS) else refusals.KIND
