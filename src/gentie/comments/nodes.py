"""What a comment's text is once it has been read: a tree of a few kinds of node, and plain text."""

from collections.abc import Iterable
from typing import TypeAlias

import msgspec
import regex

from gentie.catalogue import fulfils


class Text(msgspec.Struct, frozen=True, tag_field="type", tag="text"):
    text: str


class Break(msgspec.Struct, frozen=True, tag_field="type", tag="break"):
    """A new line inside a paragraph: in comments, every one that was typed."""


class Code(msgspec.Struct, frozen=True, tag_field="type", tag="code"):
    text: str


class Emphasis(msgspec.Struct, frozen=True, tag_field="type", tag="emphasis"):
    children: tuple["Inline", ...]


class Strong(msgspec.Struct, frozen=True, tag_field="type", tag="strong"):
    children: tuple["Inline", ...]


class Link(msgspec.Struct, frozen=True, tag_field="type", tag="link"):
    href: str
    """http, https or mailto; nothing else gets here."""
    children: tuple["Inline", ...]


class Paragraph(msgspec.Struct, frozen=True, tag_field="type", tag="paragraph"):
    children: tuple["Inline", ...]


class CodeBlock(msgspec.Struct, frozen=True, tag_field="type", tag="code_block"):
    text: str


class Quote(msgspec.Struct, frozen=True, tag_field="type", tag="quote"):
    children: tuple["Block", ...]


class List(msgspec.Struct, frozen=True, tag_field="type", tag="list", omit_defaults=True):
    ordered: bool
    items: tuple[tuple["Block", ...], ...]
    start: int = 1
    """First number of an ordered list: "1986. A good year" must not become 1."""


Inline: TypeAlias = Text | Break | Code | Emphasis | Strong | Link
Block: TypeAlias = Paragraph | CodeBlock | Quote | List
Node: TypeAlias = Inline | Block


class Body(msgspec.Struct, frozen=True, kw_only=True):
    """A comment's text after reading. `nodes` is what is kept and sent out as JSON."""

    nodes: tuple[Block, ...]
    plain: str
    """What a reader reads, for screening, excerpts and notices; a link's address stands behind it
    in brackets where the text does not show it."""
    offsets: tuple[int, ...]
    """For each character of `plain`, where it stands in the source, or stood next to."""


_KINDS = {
    "text": regex.compile(r"[\p{L}\p{N}]"),
    "symbol": regex.compile(r"[\p{P}\p{S}--\p{Emoji_Presentation}](?!\ufe0f)", regex.V1),
    "emoji": regex.compile(r"\p{Emoji_Presentation}|\p{Emoji}\ufe0f"),
}


@fulfils("2017-2.2b")
def kinds_of(body: Body) -> frozenset[str]:
    """Which kinds of content a comment's text holds: any of text, symbol, emoji."""
    return frozenset(kind for kind, pattern in _KINDS.items() if pattern.search(body.plain))


def holds_link(nodes: Iterable[Node]) -> bool:
    """Whether there is a link anywhere in these nodes."""
    return any(isinstance(one, Link) or holds_link(_inside(one)) for one in nodes)


def _inside(node: Node) -> Iterable[Node]:
    if isinstance(node, List):
        return (block for item in node.items for block in item)
    return getattr(node, "children", ())
