"""Figures beside their bars: printed as a table, kept in bench/last.json."""

import json
import statistics
import sys
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

LAST = Path(__file__).parent / "last.json"
QUICK = "--quick" in sys.argv
"""Small sizes, to see that everything runs. The figures are not worth keeping then."""


@dataclass(frozen=True, kw_only=True)
class Figure:
    what: str
    value: float | None = None
    """None: not measured, and `note` says what is missing."""
    unit: str = ""
    most: float | None = None
    """Bar from above."""
    least: float | None = None
    """Bar from below. Neither: a figure for the record."""
    note: str = ""

    @property
    def of_bar(self) -> float | None:
        """The value divided by its bar."""
        bar = self.least if self.most is None else self.most
        return None if self.value is None or bar is None else self.value / bar

    @property
    def missed(self) -> bool:
        if self.value is None:
            return False
        too_much = self.most is not None and self.value > self.most
        return too_much or (self.least is not None and self.value < self.least)


def not_measured(
    what: str, why: str, *, most: float | None = None, least: float | None = None
) -> Figure:
    return Figure(what=what, note=f"not measured: {why}", most=most, least=least)


def report(part: str, measure: Callable[[], Iterable[Figure]]) -> None:
    """Measure, print each figure as it comes, and keep them all."""
    figures = []
    for figure in measure():
        print(line_of(figure), flush=True)
        figures.append(figure)
    keep(part, figures)


def line_of(figure: Figure) -> str:
    """`what  value unit  bar  value/bar  missed  note` in columns."""
    of_bar = "" if figure.of_bar is None else f"{figure.of_bar:.2f} of bar"
    cells = (
        _wide(figure.what, 52),
        f"{_number(figure.value):>10} {figure.unit:<8}",
        f"{_bar(figure):<12}",
        f"{of_bar:<12}",
        f"{'missed' if figure.missed else '':<7}",
        figure.note,
    )
    return " ".join(cells).rstrip()


def keep(part: str, figures: Sequence[Figure]) -> None:
    """Put the figures of one part in the place of its last ones."""
    kept: dict[str, Any] = json.loads(LAST.read_text()) if LAST.exists() else {}
    rows = [
        {**vars(one), "of_bar": one.of_bar, "missed": one.missed, "quick": QUICK} for one in figures
    ]
    LAST.write_text(json.dumps({**kept, part: rows}, indent=1, ensure_ascii=False) + "\n")


def median(values: Iterable[float]) -> float:
    return statistics.median(values)


def nearest_rank(values: Iterable[float], share: float) -> float:
    """The value below which that share of them lies. 0.0: there are none."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else 0.0


def _bar(figure: Figure) -> str:
    if figure.most is not None:
        return f"<= {_number(figure.most)}"
    return "" if figure.least is None else f">= {_number(figure.least)}"


def _number(value: float | None) -> str:
    if value is None:
        return "-"
    if value >= 1000 or value == int(value):
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 100 else f"{value:.3g}"


def _wide(text: str, columns: int) -> str:
    """Padded to columns of a terminal, where a Chinese character takes two."""
    taken = sum(2 if unicodedata.east_asian_width(one) in "WF" else 1 for one in text)
    return text + " " * max(0, columns - taken)
