"""Restricted Markdown: read once, at write, into a tree that no injection can get into.

Known are paragraphs, line breaks, emphasis, strong, code, quotes, lists and links; everything
else stays the text that was typed. The widget builds nodes from the tree, the server renders
HTML from it. What is nested too deep or has too many nodes is kept as plain paragraphs: so
nothing is lost, and nothing is worth attacking.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from html import escape

from markdown_it import MarkdownIt
from markdown_it.token import Token
from typing_extensions import override

from gentie.comments.links import bare_links, is_safe
from gentie.comments.nodes import (
    Block,
    Body,
    Break,
    Code,
    CodeBlock,
    Emphasis,
    Inline,
    Link,
    List,
    Node,
    Paragraph,
    Quote,
    Strong,
    Text,
)
from gentie.comments.trace import Trace

DEEPEST = 8
"""Quotes, lists, emphasis and links inside each other."""
MOST_NODES = 2000
_DENSE = 500
"""Opening brackets from which on nobody means links: the parser's cost grows with them."""


class _TooMuch(Exception):
    """The tree would be too deep or too large."""


class _Markdown(MarkdownIt):
    def __init__(self) -> None:
        super().__init__("commonmark", {"html": False, "maxNesting": 3 * DEEPEST})
        self.disable(["heading", "lheading", "hr", "reference", "html_block"])
        # An entity could bring back the characters that cleaning has removed.
        self.disable(["html_inline", "entity"])

    @override
    def validateLink(self, url: str) -> bool:
        return is_safe(url)

    @override
    def normalizeLinkText(self, link: str) -> str:
        return link  # decoded, it could mislead


_MARKDOWN = _Markdown()
_MARKED = re.compile(
    r"[*_`\[<\\]|^[ ]{0,3}(?:>|[-+][ \t\n]|[0-9]{1,9}[.)][ \t\n]|~~~|\t)|^[ ]{4}",
    re.MULTILINE,
)
_PARAGRAPHS = re.compile(r"[ \t]*\n(?:[ \t]*\n)+")


def parse(source: str) -> Body:
    """Read a cleaned text. Never refuses: what is no markup is text."""
    ways = [_plainly] if _is_plain(source) else [_marked, _plainly]
    for way in ways:
        with suppress(_TooMuch):
            return way(source)
    return as_line(source)


def as_line(source: str) -> Body:
    """A text without any markup, not even links: what a line over a video is."""
    node = Paragraph((Text(source),))
    return Body(nodes=(node,), plain=source, offsets=tuple(range(len(source))))


def _is_plain(source: str) -> bool:
    return _MARKED.search(source) is None or source.count("[") > _DENSE


def _plainly(source: str) -> Body:
    return _Reading(source).plainly()


def _marked(source: str) -> Body:
    # Cleaning leaves no carriage return; markdown-it would count it as another line.
    return _Reading(source).marked(_MARKDOWN.parse(source.replace("\r", " ")))


class _Reading:
    """One text being read: gathers the plain text while the tree is built."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._typed = _lines_of(source)
        self._plain: list[str] = []
        self._offsets: list[int] = []
        self._nodes = 0

    def plainly(self) -> Body:
        blocks: list[Block] = [
            self._plain_paragraph(at, text) for at, text in _paragraphs_of(self._source)
        ]
        return self._body(blocks)

    def marked(self, tokens: list[Token]) -> Body:
        return self._body(self._blocks(iter(tokens), "", 0))

    def _body(self, blocks: Iterable[Block]) -> Body:
        nodes = tuple(blocks)  # this is what reads them
        return Body(nodes=nodes, plain="".join(self._plain), offsets=tuple(self._offsets))

    def _count(self, depth: int = 0) -> None:
        self._nodes += 1
        if self._nodes > MOST_NODES or depth > DEEPEST:
            raise _TooMuch

    def _say(self, text: str, offsets: list[int] | range) -> None:
        self._plain.append(text)
        self._offsets.extend(offsets)

    def _separate(self, between: str) -> None:
        if self._offsets:
            after = min(self._offsets[-1] + 1, len(self._source))
            self._say(between, [after] * len(between))

    # -- plain paragraphs ---------------------------------------------------------------------

    def _plain_paragraph(self, at: int, text: str) -> Paragraph:
        self._count()
        self._separate("\n\n")
        children: list[Inline] = []
        for line_at, line in _lines_of(text):
            if children:
                children.append(self._break(at + line_at - 1))
            start = at + line_at + len(line) - len(line.lstrip(" \t"))
            shown = line.strip(" \t")
            children += self._texts(shown, range(start, start + len(shown)), linked=False)
        return Paragraph(tuple(children))

    # -- blocks -------------------------------------------------------------------------------

    def _blocks(self, tokens: Iterator[Token], end: str, depth: int) -> Iterator[Block]:
        """Blocks up to the token `end`, which is taken too."""
        first = True
        for token in tokens:
            if token.type == end:
                return
            self._count(depth)
            if not first or not depth:
                self._separate("\n\n")
            first = False
            yield self._block(token, tokens, depth)

    def _block(self, token: Token, tokens: Iterator[Token], depth: int) -> Block:
        match token.type:
            case "paragraph_open":
                content = next(tokens)
                next(tokens)
                return self._paragraph(content)
            case "blockquote_open":
                return Quote(tuple(self._blocks(tokens, "blockquote_close", depth + 1)))
            case "bullet_list_open":
                return List(
                    ordered=False, items=self._items(tokens, "bullet_list_close", depth + 1)
                )
            case "ordered_list_open":
                start = int(token.attrs.get("start", 1))
                items = self._items(tokens, "ordered_list_close", depth + 1, number=start)
                return List(ordered=True, items=items, start=start)
            case _:
                return self._code_block(token)

    def _items(
        self, tokens: Iterator[Token], end: str, depth: int, *, number: int | None = None
    ) -> tuple[tuple[Block, ...], ...]:
        items: list[tuple[Block, ...]] = []
        for token in tokens:
            if token.type == end:
                break
            self._count(depth)
            if items:
                self._separate("\n")
            if number is not None:
                mark = f"{number + len(items)}. "
                self._say(mark, [self._typed[_first_line(token)][0]] * len(mark))
            items.append(tuple(self._blocks(tokens, "list_item_close", depth)))
        return tuple(items)

    def _code_block(self, token: Token) -> CodeBlock:
        text = token.content.removesuffix("\n")
        first = _first_line(token) + (token.type == "fence")
        shown = text.split("\n")
        typed = self._typed[first : first + len(shown)]
        for number, (line, (at, whole)) in enumerate(zip(shown, typed, strict=False)):
            if number:
                self._separate("\n")
            start = at + len(whole) - len(line)
            self._say(line, range(start, start + len(line)))
        return CodeBlock(text)

    # -- inside a paragraph -------------------------------------------------------------------

    def _paragraph(self, content: Token) -> Paragraph:
        first, last = content.map or [0, 0]
        trace = Trace(content.content, self._typed[first:last])
        tokens = iter(content.children or ())
        return Paragraph(tuple(self._inlines(tokens, trace, "", 0)))

    def _inlines(
        self, tokens: Iterator[Token], trace: Trace, end: str, depth: int, *, linked: bool = False
    ) -> list[Inline]:
        found: list[Inline] = []
        for token in tokens:
            match token.type:
                case "text":
                    found += self._texts(token.content, trace.text(token.content), linked=linked)
                case "softbreak" | "hardbreak":
                    found.append(self._break(trace.line_break()))
                case "code_inline":
                    self._count()
                    self._say(token.content, trace.code(token.markup, token.content))
                    found.append(Code(token.content))
                case "link_open":
                    found += self._link(token, tokens, trace, depth + 1, linked=linked)
                case "image":
                    found += self._image(token, trace, depth + 1, linked=linked)
                case "em_open" | "strong_open":
                    found.append(self._stressed(token, tokens, trace, depth + 1, linked=linked))
                case other if other == end:
                    break
        return found

    def _stressed(
        self, token: Token, tokens: Iterator[Token], trace: Trace, depth: int, *, linked: bool
    ) -> Inline:
        self._count(depth)
        trace.markup(token.markup)
        kind, end = (Emphasis, "em_close") if token.type == "em_open" else (Strong, "strong_close")
        children = tuple(self._inlines(tokens, trace, end, depth, linked=linked))
        trace.markup(token.markup)
        return kind(children)

    def _link(
        self, token: Token, tokens: Iterator[Token], trace: Trace, depth: int, *, linked: bool
    ) -> list[Inline]:
        before = len(self._plain)
        auto = token.info == "auto"
        trace.markup("<" if auto else "[")
        children = self._inlines(tokens, trace, "link_close", depth, linked=True)
        if auto:
            trace.markup(">")
        at = trace.here if auto else trace.after_label()
        label = "".join(self._plain[before:])
        return self._linked(str(token.attrs["href"]), children, label, at, depth, linked=linked)

    def _image(self, token: Token, trace: Trace, depth: int, *, linked: bool) -> list[Inline]:
        """A link to the picture: what is not uploaded here is not shown here."""
        before = len(self._plain)
        trace.markup("![")
        inner = iter(token.children or ())
        children = self._inlines(inner, trace, "", depth, linked=True)
        at = trace.after_label()
        label = "".join(self._plain[before:])
        return self._linked(str(token.attrs["src"]), children, label, at, depth, linked=linked)

    def _linked(
        self, href: str, children: list[Inline], label: str, at: int, depth: int, *, linked: bool
    ) -> list[Inline]:
        """Put the address into the plain text, too: who reads a mail must see it, and screening."""
        if linked or not is_safe(href):  # inside another link, or no address at all
            return children
        self._count(depth)
        if label not in {href, href.removeprefix("mailto:")}:
            shown = f" ({href})" if label else href
            self._say(shown, [at] * len(shown))
        return [Link(href, tuple(children or [Text(href)]))]

    def _break(self, at: int) -> Break:
        self._count()
        self._say("\n", [at])
        return Break()

    def _texts(self, text: str, offsets: list[int] | range, *, linked: bool) -> list[Inline]:
        """Text with the bare addresses in it made into links, unless it stands in one already."""
        if not text:
            return []
        self._say(text, offsets)
        found: list[Inline] = []
        at = 0
        for start, end in [] if linked or "://" not in text else bare_links(text):
            self._count()
            if start > at:
                self._count()
                found.append(Text(text[at:start]))
            found.append(Link(text[start:end], (Text(text[start:end]),)))
            at = end
        if at < len(text):
            self._count()
            found.append(Text(text[at:]))
        return found


def _lines_of(text: str) -> list[tuple[int, str]]:
    at, lines = 0, []
    for line in text.split("\n"):
        lines.append((at, line))
        at += len(line) + 1
    return lines


def _paragraphs_of(text: str) -> Iterator[tuple[int, str]]:
    at = 0
    for gap in _PARAGRAPHS.finditer(text):
        if gap.start() > at:
            yield at, text[at : gap.start()]
        at = gap.end()
    if at < len(text):
        yield at, text[at:]


def _first_line(token: Token) -> int:
    return token.map[0] if token.map else 0


# -- HTML -----------------------------------------------------------------------------------------


def render_html(nodes: tuple[Node, ...]) -> str:
    """HTML of the tree: only p, br, em, strong, code, pre, blockquote, ul, ol, li and a."""
    return "".join([_HTML[type(node)](node) for node in nodes])


def _link_html(node: Link) -> str:
    inner = render_html(node.children)
    if not is_safe(node.href):  # a tree that did not come from `parse`
        return inner
    return f'<a href="{escape(node.href)}" rel="nofollow ugc noopener">{inner}</a>'


def _list_html(node: List) -> str:
    items = "".join([f"<li>{render_html(item)}</li>" for item in node.items])
    if not node.ordered:
        return f"<ul>{items}</ul>"
    return f'<ol start="{node.start:d}">{items}</ol>' if node.start != 1 else f"<ol>{items}</ol>"


_HTML: dict[type, Callable[..., str]] = {
    Text: lambda node: escape(node.text),
    Break: lambda _: "<br>",
    Code: lambda node: f"<code>{escape(node.text)}</code>",
    Emphasis: lambda node: f"<em>{render_html(node.children)}</em>",
    Strong: lambda node: f"<strong>{render_html(node.children)}</strong>",
    Link: _link_html,
    Paragraph: lambda node: f"<p>{render_html(node.children)}</p>",
    CodeBlock: lambda node: f"<pre><code>{escape(node.text)}</code></pre>",
    Quote: lambda node: f"<blockquote>{render_html(node.children)}</blockquote>",
    List: _list_html,
}
