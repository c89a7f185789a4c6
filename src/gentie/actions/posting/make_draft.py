"""What is done with a text before its act: cleaning, parsing, screening. No transaction, no clock.

It costs time, so it happens outside; the act checks again, by version, that the rules it was
screened under are still the ones in force.
"""

import msgspec

from gentie.catalogue import fulfils
from gentie.comments.cleaning import LONGEST_LINE, clean
from gentie.comments.links import bare_links
from gentie.comments.markup import as_line, parse, render_html
from gentie.comments.nodes import Body, holds_link, kinds_of
from gentie.comments.parts import NO_PARTS
from gentie.screening.model import Verdict
from gentie.screening.pipeline import CompiledRules, screen


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """A text that is ready to be decided on."""

    source: str
    plain: str
    nodes: bytes
    html: str
    kinds: frozenset[str]
    links: bool
    """Whether it holds any: not every account may post them."""
    verdict: Verdict
    parts: bytes = NO_PARTS
    """JSON of the pictures, audio and video that go with it."""


@fulfils("2017-5.5d", "2022-4.4a")
def make_draft(text: str, rules: CompiledRules, *, media: bool = False) -> Draft:
    """Clean, parse and screen a text. With `media` there may be none.

    Raises:
        BadText, TextEmpty, TextTooLong: nothing was done.
    """
    source = "" if media and not text.strip() else clean(text)
    body = parse(source)
    return _drafted(source, body, rules, links=holds_link(body.nodes))


@fulfils("2022-4.4a")
def make_line(text: str, rules: CompiledRules) -> Draft:
    """The same for a line over a video: one line of words, without markup.

    Raises:
        BadText, TextEmpty, TextTooLong: nothing was done.
    """
    source = clean(" ".join(text.split()), longest=LONGEST_LINE)
    links = any(bare_links(source))
    return _drafted(source, as_line(source), rules, links=links)


def _drafted(source: str, body: Body, rules: CompiledRules, *, links: bool) -> Draft:
    return Draft(
        source=source,
        plain=body.plain,
        nodes=msgspec.json.encode(body.nodes),
        html=render_html(body.nodes),
        kinds=kinds_of(body),
        links=links,
        verdict=screen(body.plain, rules),
    )
