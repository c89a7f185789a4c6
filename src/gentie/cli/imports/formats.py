"""The formats there are, and what each looks like."""

import re
from collections.abc import Callable, Iterator
from typing import Final

import msgspec

from gentie.cli.imports.model import Reading, Record
from gentie.cli.imports.opening import ExportFile
from gentie.cli.imports.readers.artrans import read_artrans
from gentie.cli.imports.readers.commento import read_commento
from gentie.cli.imports.readers.danmaku_xml import read_danmaku_xml
from gentie.cli.imports.readers.disqus import read_disqus
from gentie.cli.imports.readers.dplayer import read_dplayer
from gentie.cli.imports.readers.gentie import read_gentie
from gentie.cli.imports.readers.isso import MAGIC, read_isso
from gentie.cli.imports.readers.remark42 import read_remark42
from gentie.cli.imports.readers.twikoo import read_twikoo
from gentie.cli.imports.readers.waline import read_waline
from gentie.cli.imports.readers.wxr import read_wxr

Reader = Callable[[ExportFile, Reading], Iterator[Record]]
"""Streams: holds one record at a time. Raises BadExport, also in the middle."""


class Format(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    title: str
    """What it is, for `gentie import --help`."""
    read: Reader
    looks_like: Callable[[bytes], bool]
    """Whether the beginning of a file (UTF-8, unpacked) is of this format and of no other."""


def _holds(pattern: bytes) -> Callable[[bytes], bool]:
    compiled = re.compile(pattern, re.DOTALL)
    return lambda head: compiled.search(head) is not None


FORMATS: Final = {
    one.name: one
    for one in (
        Format(
            name="wxr",
            title="WordPress: Tools, Export",
            read=read_wxr,
            looks_like=_holds(rb"wordpress\.org/export/1\.|<wp:wxr_version"),
        ),
        Format(
            name="disqus",
            title="Disqus: the XML it sends by e-mail",
            read=read_disqus,
            looks_like=_holds(rb"<disqus\b|disqus\.com/disqus-internals"),
        ),
        Format(
            name="isso",
            title="Isso: its comments.db, or plain JSON",
            read=read_isso,
            looks_like=_holds(
                rb"\A" + MAGIC + rb'|\A\s*\[\s*\{[^{}\[\]]*"comments"\s*:\s*\[(?!.*"page_key")'
            ),
        ),
        Format(
            name="artrans",
            title="Artalk: artrans, JSON",
            read=read_artrans,
            looks_like=_holds(rb'\\?"page_key\\?"\s*:'),
        ),
        Format(
            name="waline",
            title="Waline: JSON, CSV, or JSON of LeanCloud and phpMyAdmin",
            read=read_waline,
            looks_like=_holds(
                rb'\A\s*\{\s*"type"\s*:\s*"waline"|"insertedAt"\s*:|\A[^\n{\[<]*\binsertedAt\b'
            ),
        ),
        Format(
            name="twikoo",
            title="Twikoo: JSON, CSV, or its db.json",
            read=read_twikoo,
            looks_like=_holds(rb'"(mailMd5|isSpam|ruser)"\s*:|\A[^\n{\[<]*\b(mailMd5|isSpam)\b'),
        ),
        Format(
            name="remark42",
            title="remark42: a backup, packed or not",
            read=read_remark42,
            looks_like=_holds(
                rb'\A\s*\{\s*"version"\s*:\s*\d+\s*,\s*"(users|posts)"|"locator"\s*:\s*\{'
            ),
        ),
        Format(
            name="gentie",
            title="Gentie: what `gentie export` writes",
            read=read_gentie,
            looks_like=_holds(rb'\A\{"kind":"header","format":"gentie-export/'),
        ),
        Format(
            name="commento",
            title="Commento: JSON, packed or not",
            read=read_commento,
            looks_like=_holds(rb'"comment(Hex|erHex)"\s*:'),
        ),
        Format(
            name="dplayer",
            title="DPlayer: the collection of its server as JSON, or what it answers players",
            read=read_dplayer,
            looks_like=_holds(rb'"player"\s*:|\A\s*\{\s*"code"\s*:\s*0\s*,\s*"(data|danmaku)"\s*:'),
        ),
        Format(
            name="danmaku-xml",
            title='Danmaku as XML: `<d p="…">` in an `<i>`',
            read=read_danmaku_xml,
            looks_like=_holds(rb'<d p="[0-9]|\A\s*(<\?xml[^>]*>)?\s*<i>'),
        ),
    )
}


def formats_like(head: bytes) -> list[str]:
    """Which formats the beginning of a file looks like."""
    return [one.name for one in FORMATS.values() if one.looks_like(head)]
