"""For people at a terminal."""

from rich.console import Group, RenderableType
from rich.markup import escape
from rich.table import Table

from gentie.checks.model import Outcome, Report, Result, SiteRun

_COLOURS = {Outcome.HOLDS: "green", Outcome.VIOLATED: "red", Outcome.NO_DATA: "yellow"}
_SHOWN = 5
"""Violations named in the table. All of them are in the other formats."""


def as_tables(report: Report) -> RenderableType:
    """One table for each site, then how many results there are of each outcome."""
    counts = ", ".join(f"{number} {outcome}" for outcome, number in report.counts.items())
    return Group(*(_table_of(site) for site in report.sites), counts)


def _table_of(site: SiteRun) -> Table:
    table = Table("row", "article", "asks", "outcome", "examined", "violations")
    table.title = escape(f"{site.site} · {site.policy} · {site.source}")
    if site.unchecked:
        table.caption = f"not checked yet: {', '.join(site.unchecked)}"
    for result in site.results:
        outcome = f"[{_COLOURS[result.outcome]}]{result.outcome}"
        examined = str(result.examined)
        table.add_row(
            result.obligation,
            result.article,
            escape(result.title.en),
            outcome,
            examined,
            _named(result),
        )
    return table


def _named(result: Result) -> str:
    lines = [f"{one.subject} {one.note}".rstrip() for one in result.violations[:_SHOWN]]
    if (more := len(result.violations) - _SHOWN) > 0:
        lines.append(f"and {more} more")
    return escape("\n".join(lines))
