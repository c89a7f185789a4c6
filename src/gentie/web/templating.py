"""HTML from templates, in Chinese or English. Everything is escaped; a missing name is a fault.

In templates `_("text")` speaks the page's language, and `static("tokens.css")` names a file.
"""

from functools import cache
from typing import Any

import jinja2

from gentie.kernel.texts import in_lang
from gentie.web.static import url_of


def render(template: str, lang: str, **values: object) -> str:
    """Fill in a template of `web/templates` for a reader of `lang`."""
    return _environment().get_template(template).render(lang=lang, **values)


@cache
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("gentie.web"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["_"] = _say
    environment.globals["static"] = url_of
    return environment


@jinja2.pass_context
def _say(context: Any, text: str, **values: object) -> str:
    return in_lang(text, context["lang"], **values)
