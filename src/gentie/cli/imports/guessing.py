"""Whether a text of a service that kept both is HTML or Markdown."""

import re
from typing import Final

from gentie.cli.imports.model import Markup

_HTML: Final = re.compile(
    r"\A\s*<(p|div|blockquote|ul|ol|pre|h[1-6])\b[^<>]*>|</(p|div|blockquote|ul|ol|pre)>\s*\Z",
    re.IGNORECASE,
)


def markup_of(text: str) -> Markup:
    """What begins or ends as a block of HTML was rendered before it was kept."""
    return Markup.HTML if _HTML.search(text) else Markup.MARKDOWN
