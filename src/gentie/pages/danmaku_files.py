"""Danmaku in the formats of other programs. A colour is one of our palette: six digits, always."""

from collections.abc import Sequence
from xml.sax.saxutils import escape

import msgspec
import regex

from gentie.danmaku.model import Mode
from gentie.pages.danmaku import Line

SHOWN_MS = 8000
"""How long a line crosses the picture."""
_XML_MODES = {Mode.SCROLL: 1, Mode.BOTTOM: 4, Mode.TOP: 5}
_XML_SIZE = 25
_NOT_XML = regex.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class _File(msgspec.Struct, frozen=True, kw_only=True):
    title: str
    count: int
    danmaku: tuple[Line, ...]


def as_json(title: str, lines: Sequence[Line]) -> bytes:
    return msgspec.json.encode(_File(title=title, count=len(lines), danmaku=tuple(lines)))


def as_xml(title: str, lines: Sequence[Line]) -> bytes:
    """`<d p="time,mode,size,colour,unixtime,pool,userhash,rowid">`, as players read it."""
    rows = (f'<d p="{_p(one)}">{escape(_NOT_XML.sub("", one.text))}</d>\n' for one in lines)
    head = '<?xml version="1.0" encoding="UTF-8"?>\n<i>\n'
    named = f"<title>{escape(_NOT_XML.sub('', title))}</title>\n" if title else ""
    return "".join((head, named, *rows, "</i>\n")).encode()


def _p(one: Line) -> str:
    unixtime, row = int(one.at.timestamp()), one.id
    mode = _XML_MODES[one.mode]
    return f"{one.t_ms / 1000:.3f},{mode},{_XML_SIZE},{one.colour},{unixtime},0,{one.by},{row}"


def as_vtt(title: str, lines: Sequence[Line]) -> bytes:
    """WebVTT: each line as a cue with its author's voice. The words cannot end a cue."""
    head = f"WEBVTT {' '.join(title.replace('-->', '→').split())}".strip()
    return "\n\n".join((head, *(_cue(one) for one in lines), "")).encode()


def _cue(one: Line) -> str:
    until = one.t_ms + SHOWN_MS
    said = f"<v {_vtt_text(one.author)}>{_vtt_text(one.text)}"
    return f"dm-{one.id}\n{_clock(one.t_ms)} --> {_clock(until)}\n{said}"


def _vtt_text(text: str) -> str:
    return escape(" ".join(text.split()))


def _clock(t_ms: int) -> str:
    seconds, ms = divmod(t_ms, 1000)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}.{ms:03}"


def as_txt(title: str, lines: Sequence[Line]) -> bytes:
    """One line of text for each, with its time and author."""
    rows = (f"{_clock(one.t_ms)[:8]}\t{one.author}\t{' '.join(one.text.split())}" for one in lines)
    return "\n".join((title, "", *rows, "")).encode() if title else "\n".join((*rows, "")).encode()


WRITERS = {
    "json": ("application/json", as_json),
    "txt": ("text/plain; charset=utf-8", as_txt),
    "vtt": ("text/vtt; charset=utf-8", as_vtt),
    "xml": ("application/xml; charset=utf-8", as_xml),
}
"""By the ending of an address: the type of the file, and who writes it."""
