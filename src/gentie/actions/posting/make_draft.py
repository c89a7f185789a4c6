"""What is done with a text before its act: cleaning, parsing, screening. No transaction, no clock.

It costs time, so it happens outside; the act checks again, by version, that the rules it was
screened under are still the ones in force.
"""

import msgspec

from gentie.catalogue import fulfils
from gentie.comments.cleaning import clean
from gentie.comments.markup import parse, render_html
from gentie.comments.nodes import kinds_of
from gentie.screening.model import Verdict
from gentie.screening.pipeline import CompiledRules, screen


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """A text that is ready to be decided on."""

    source: str
    plain: str
    nodes: bytes
    html: str
    kinds: frozenset[str]
    verdict: Verdict


@fulfils("2017-5.5d", "2022-4.4a")
def make_draft(text: str, rules: CompiledRules) -> Draft:
    """Clean, parse and screen a text.

    Raises:
        BadText, TextEmpty, TextTooLong: nothing was done.
    """
    source = clean(text)
    body = parse(source)
    return Draft(
        source=source,
        plain=body.plain,
        nodes=msgspec.json.encode(body.nodes),
        html=render_html(body.nodes),
        kinds=kinds_of(body),
        verdict=screen(body.plain, rules),
    )
