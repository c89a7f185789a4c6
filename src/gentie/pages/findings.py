"""What screening noticed in a text, with its names under a regime, and where it stands."""

from collections.abc import Iterable

import msgspec

from gentie.catalogue.regimes import ContentClass, Regime, Text
from gentie.screening.model import Finding, Span, Verdict


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """What screening noticed. A hint, never a decision."""

    class_id: str = msgspec.field(name="class")
    """Empty: it belongs to no class of the regime."""
    title: Text | None
    says: str
    score: float | None
    spans: tuple[Span, ...]
    quote: str
    """The passage, where there is one."""


class Piece(msgspec.Struct, frozen=True):
    """A stretch of the text, marked where screening found something."""

    text: str
    marked: bool


def found_in(verdict: Verdict, regime: Regime, text: str) -> tuple[Found, ...]:
    """Findings with the names of their classes under this regime."""
    titles = {one.id: one.title for one in regime.classes}
    return tuple(_found(one, titles, text) for one in verdict.findings)


def suggest(findings: Iterable[Found], regime: Regime) -> ContentClass | None:
    """The class of the first finding that has one here. None: nobody is accused of anything."""
    known = {one.id: one for one in regime.classes}
    return next((known[one.class_id] for one in findings if one.class_id in known), None)


def cut(text: str, spans: Iterable[Span]) -> tuple[Piece, ...]:
    """The text in pieces, those inside any span marked. Spans may overlap or reach too far."""
    marked = bytearray(len(text))
    for span in spans:
        for place in range(max(span.start, 0), min(span.end, len(text))):
            marked[place] = True
    pieces: list[Piece] = []
    start = 0
    for end in range(1, len(text) + 1):
        if end == len(text) or marked[end] != marked[start]:
            pieces.append(Piece(text[start:end], bool(marked[start])))
            start = end
    return tuple(pieces)


def _found(finding: Finding, titles: dict[str, Text], text: str) -> Found:
    first = finding.spans[0] if finding.spans else None
    return Found(
        class_id=finding.class_id or "",
        title=titles.get(finding.class_id or ""),
        says=finding.says,
        score=finding.score,
        spans=finding.spans,
        quote=text[first.start : first.end] if first else "",
    )
