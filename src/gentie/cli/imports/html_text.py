"""HTML of old comments as restricted Markdown. What has no counterpart keeps its text."""

import re
from html.parser import HTMLParser
from typing import Final

from typing_extensions import override

_MARKS: Final = {"b": "**", "strong": "**", "em": "*", "i": "*", "cite": "*"}
_BLOCKS: Final = frozenset({"p", "div", "blockquote", "ul", "ol", "pre", "h1", "h2", "h3", "h4"})
_DROPPED: Final = frozenset({"script", "style"})
_SPECIAL = re.compile(r"([\\`*_\[\]<>])")
_INDENTED = re.compile(r"\n[ \t]+")
_AT_START = re.compile(r"^(\s*)([-+#=~])", re.MULTILINE)
_NUMBER = re.compile(r"^(\s*\d+)([.)])", re.MULTILINE)
_MANY_LINES = re.compile(r"\n{3,}")


def markdown_of(html: str) -> str:
    """The text as its author would type it here. Line breaks of the source stay line breaks."""
    reader = _Reader()
    reader.feed(html.replace("\r\n", "\n").replace("\r", "\n"))
    reader.close()
    return _MANY_LINES.sub("\n\n", "".join(reader.parts)).strip()


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
            self._links.append((len(self.parts), dict(attrs).get("href") or ""))
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
