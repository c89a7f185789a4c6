"""HTML of old comments as restricted Markdown. What has no counterpart keeps its text."""

import re
from html.parser import HTMLParser
from typing import Final
from urllib.parse import parse_qs, urlsplit

from typing_extensions import override

from gentie.cli.imports.model import Markup

_ROUND: Final = ("http://disq.us/", "https://disq.us/")
_MARKS: Final = {"b": "**", "strong": "**", "em": "*", "i": "*", "cite": "*"}
_BLOCKS: Final = frozenset({"p", "div", "blockquote", "ul", "ol", "pre", "h1", "h2", "h3", "h4"})
_DROPPED: Final = frozenset({"script", "style"})
_SPECIAL = re.compile(r"([\\`*_\[\]<>])")
_INDENTED = re.compile(r"\n[ \t]+")
_AT_START = re.compile(r"^(\s*)([-+#=~])", re.MULTILINE)
_NUMBER = re.compile(r"^(\s*\d+)([.)])", re.MULTILINE)
_CONTROL: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff]")
_BREAK: Final = re.compile(r"<br\s*/?>[ \t]*\n?", re.IGNORECASE)
_TAG: Final = re.compile(
    r"</?(?:a|b|blockquote|code|del|div|em|font|i|img|p|pre|s|script|span|strong|style|u)\b[^<>]{0,2000}>",
    re.IGNORECASE,
)
"""Tags in Markdown, which old services let through. Their words stay."""
_IMAGE: Final = re.compile(r"!(\[[^\[\]]*\]\()")
"""Pictures become links: stickers of other hosts are not loaded from here."""
_MANY_LINES = re.compile(r"\n{3,}")


def typed_text(text: str, markup: Markup) -> str:
    """A text of the old service as its author would type it here, without control characters."""
    text = _CONTROL.sub("", text)
    if markup is Markup.HTML:
        return markdown_of(text)
    if markup is Markup.LINE:
        return text
    if markup is Markup.PLAIN:
        return escaped(text)
    return _IMAGE.sub(r"\1", _TAG.sub("", _BREAK.sub("\n", text))).strip()


def markdown_of(html: str) -> str:
    """HTML as restricted Markdown. Line breaks of the source stay line breaks."""
    if "<" not in html and "&" not in html:
        return escaped(html)
    reader = _Reader()
    reader.feed(html.replace("\r\n", "\n").replace("\r", "\n"))
    reader.close()
    return _MANY_LINES.sub("\n\n", "".join(reader.parts)).strip()


def escaped(text: str) -> str:
    """Words that shall stay as they are, whatever Markdown makes of some of their signs."""
    told = _SPECIAL.sub(
        r"\\\1", _INDENTED.sub("\n", text.replace("\r\n", "\n").replace("\r", "\n"))
    )
    told = _NUMBER.sub(r"\1\\\2", _AT_START.sub(r"\1\\\2", told))
    return _MANY_LINES.sub("\n\n", told).strip()


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._links: list[tuple[int, str]] = []
        """Where the text of each open link begins, and where it leads."""
        self._quotes = self._code = self._silent = 0

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _DROPPED:
            self._silent += 1
        elif tag == "br":
            self._add("\n")
        elif tag in _BLOCKS:
            self._quotes += tag == "blockquote"
            self._add("\n\n")
        elif tag == "li":
            self._add("\n- ")
        elif tag == "code":
            self._code += 1
            self.parts.append("`")
        elif tag == "a":
            self._links.append((len(self.parts), _target(dict(attrs).get("href") or "")))
        elif tag == "img":
            self._add(escaped(dict(attrs).get("alt") or ""))
        else:
            self.parts.append(_MARKS.get(tag, ""))

    @override
    def handle_endtag(self, tag: str) -> None:
        if tag in _DROPPED:
            self._silent = max(0, self._silent - 1)
        elif tag in _BLOCKS:
            self._quotes -= tag == "blockquote" and self._quotes > 0
            self._add("\n\n")
        elif tag == "code" and self._code:
            self._code -= 1
            self.parts.append("`")
        elif tag == "a" and self._links:
            self._end_link()
        else:
            self.parts.append(_MARKS.get(tag, ""))

    @override
    def handle_data(self, data: str) -> None:
        if self._silent:
            return
        if self._code:
            self._add(data.replace("`", "'"))
        else:
            told = _SPECIAL.sub(r"\\\1", _INDENTED.sub("\n", data))
            self._add(_NUMBER.sub(r"\1\\\2", _AT_START.sub(r"\1\\\2", told)))

    def _add(self, text: str) -> None:
        self.parts.append(text.replace("\n", "\n" + "> " * self._quotes))

    def _end_link(self) -> None:
        """`[text](where)`, or the bare address where the text says no more."""
        start, href = self._links.pop()
        text = "".join(self.parts[start:])
        del self.parts[start:]
        safe = href.startswith(("http://", "https://")) and not re.search(r"[\s()<>]", href)
        bare = text.replace("\\", "") == href
        self.parts.append(f"[{text}]({href})" if safe and text.strip() and not bare else text)


def _target(href: str) -> str:
    """Where a link really leads: Disqus sends readers round by an address of its own."""
    if not href.startswith(_ROUND):
        return href
    try:
        asked = parse_qs(urlsplit(href).query).get("url", [""])[0]
    except ValueError:
        return href
    return asked.rpartition(":")[0] or href
