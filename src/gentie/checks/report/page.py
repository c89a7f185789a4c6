"""For inspectors and the compliance officer: one file, no script, nothing fetched."""

from functools import partial

from jinja2 import Environment, PackageLoader, StrictUndefined

from gentie.checks.model import Report
from gentie.kernel.texts import Lang, in_lang

_TEMPLATES = Environment(
    loader=PackageLoader("gentie.checks.report"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def as_html(report: Report, *, lang: Lang) -> str:
    page = _TEMPLATES.get_template("report.html")
    return page.render(report=report, lang=lang, _=partial(in_lang, lang=lang))
