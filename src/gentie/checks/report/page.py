"""For inspectors and the compliance officer: one file, no script, nothing fetched."""

from collections.abc import Callable

from jinja2 import Environment, PackageLoader, StrictUndefined

from gentie.checks.model import Report

_TEMPLATES = Environment(
    loader=PackageLoader("gentie.checks.report"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def as_html(report: Report, *, lang: str, say: Callable[[str], str]) -> str:
    """`say` gives a text of the page in `lang`."""
    page = _TEMPLATES.get_template("report.html")
    return page.render(report=report, lang=lang, _=say)
