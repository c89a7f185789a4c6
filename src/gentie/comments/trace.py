"""Where in what was typed each shown character stands: follows markdown-it through one block.

markdown-it says which lines a block came from, but not where its inline tokens stood. Since it
only ever drops markup and keeps order, the text can be followed character by character.
"""

import re

from markdown_it.helpers import parseLinkDestination, parseLinkTitle

_SPACE = re.compile(r"[ \t\n]*")


class Trace:
    """A position in the content of one block that moves on as its tokens are read.

    `content` is what markdown-it took as the block's text, `lines` the typed lines it came from as
    (offset in the source, line). Every method returns offsets in the source.
    """

    def __init__(self, content: str, lines: list[tuple[int, str]]) -> None:
        self._content = content
        self._at = 0
        self._starts = [
            _start_of(line, *typed) for line, typed in zip(content.split("\n"), lines, strict=False)
        ]
        self._line = 0
        self._line_at = 0
        self._line_end = self._end_of_line()

    @property
    def here(self) -> int:
        """Where we stand, in the source."""
        return self._source(self._at)

    def text(self, shown: str) -> list[int]:
        return [self._follow(char) for char in shown]

    def markup(self, marks: str) -> None:
        """Step over markup, and over what was dropped before it (trailing spaces)."""
        at = self._content.find(marks, self._at)
        if at >= 0:
            self._at = at + len(marks)

    def line_break(self) -> int:
        self._at = max(self._content.find("\n", self._at), self._at)
        here = self.here
        self._at = self._skip_space(self._at)
        return here

    def code(self, marks: str, shown: str) -> list[int]:
        self.markup(marks)
        if self._content[self._at : self._at + len(shown)].replace("\n", " ") != shown:
            self._at += 1  # one space inside the marks is not shown
        start = self._at
        offsets = [self._source(start + n) for n in range(len(shown))]
        self._at = start + len(shown)
        self.markup(marks)
        return offsets

    def after_label(self) -> int:
        """Step over `](address "title")`. Returns where the address stands."""
        self.markup("](")
        self._at = self._skip_space(self._at)
        here, most = self.here, len(self._content)
        destination = parseLinkDestination(self._content, self._at, most)
        at = self._skip_space(destination.pos if destination.ok else self._at)
        title = parseLinkTitle(self._content, at, most)
        self._at = self._skip_space(title.pos if title.ok else at)
        self.markup(")")
        return here

    def _follow(self, char: str) -> int:
        """What is not shown in between (a backslash, a space before a new line) is stepped over."""
        at = self._at
        if self._content[at : at + 1] != char:
            at = max(self._content.find(char, at), at)
        self._at = at + 1
        return self._source(at)

    def _skip_space(self, at: int) -> int:
        found = _SPACE.match(self._content, at)
        return found.end() if found else at

    def _source(self, at: int) -> int:
        while at > self._line_end:
            self._line += 1
            self._line_at = self._line_end + 1
            self._line_end = self._end_of_line()
        starts = self._starts
        return starts[min(self._line, len(starts) - 1)] + at - self._line_at

    def _end_of_line(self) -> int:
        end = self._content.find("\n", self._line_at)
        return end if end >= 0 else len(self._content)


def _start_of(line: str, offset: int, typed: str) -> int:
    """Where a line of the content begins in the source: behind the marks of quotes and lists."""
    core = line.strip(" \t")
    return offset + max(typed.rfind(core), 0) - line.find(core)
