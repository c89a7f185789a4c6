"""Views of a text in which disguises are undone, each knowing where its characters came from.

`table` replaces character by character: width, case, accents, other scripts' digits, look-alikes;
invisible characters vanish. `tight` keeps only the letters and digits of that. A further view is
a function from one `View` to the next.
"""

import unicodedata
from collections.abc import Sequence

import msgspec
import regex

from gentie.kernel.characters import drop_invisible
from gentie.kernel.lookalikes import plain_letters
from gentie.screening.model import Span

_DROPPED = regex.compile(r"[\p{Inherited}\p{Me}--[\u3099\u309a]]+", regex.V1)
_CACHED = 50_000
"""Different characters remembered: all that people write with, not all of Unicode."""


class View(msgspec.Struct, frozen=True):
    text: str
    places: Sequence[int]
    """For each character of `text`, the index in the original of the one it came from."""

    def span(self, start: int, end: int) -> Span:
        """Where characters `start` up to `end` (at least one) stand in the original."""
        return Span(self.places[start], self.places[end - 1] + 1)


class Views(msgspec.Struct, frozen=True):
    original: str
    table: View
    tight: View

    def before(self, span: Span) -> str:
        """The normal character before a span of the original. Empty: it stands at the start."""
        at = span.start - 1
        while at >= 0 and not _FORMS[self.original[at]]:
            at -= 1
        return _FORMS[self.original[at]][-1] if at >= 0 else ""

    def after(self, span: Span) -> str:
        """The normal character after a span of the original. Empty: it stands at the end."""
        at = span.end
        while at < len(self.original) and not _FORMS[self.original[at]]:
            at += 1
        return _FORMS[self.original[at]][0] if at < len(self.original) else ""


class _Forms(dict[str, str]):
    """Character -> its form, worked out when it is first met."""

    def __missing__(self, char: str) -> str:
        form = _form_of(char)
        if len(self) < _CACHED:
            self[char] = form
        return form


def views_of(text: str) -> Views:
    table = table_view(text)
    return Views(text, table, tight_view(table))


def table_view(text: str) -> View:
    forms = [_FORMS[char] for char in text]
    normal = "".join(forms)
    if len(normal) == len(text) and all(map(_ONE, map(len, forms))):
        return View(normal, range(len(text)))
    return View(normal, [at for at, form in enumerate(forms) for _ in form])


def tight_view(view: View) -> View:
    if view.text.isalnum():
        return view
    kept = [at for at, char in enumerate(view.text) if char.isalnum()]
    text, places = view.text, view.places
    return View("".join([text[at] for at in kept]), [places[at] for at in kept])


def table_form(text: str) -> str:
    """What `text` looks like in the view `table`."""
    return "".join([_FORMS[char] for char in text])


def tight_form(text: str) -> str:
    """What `text` looks like in the view `tight`."""
    return "".join([char for char in table_form(text) if char.isalnum()])


def _form_of(char: str) -> str:
    if not drop_invisible(char):
        return ""
    form = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", char).casefold())
    digit = unicodedata.decimal(form, None) if len(form) == 1 else None
    if digit is not None:
        return str(digit)
    form = _DROPPED.sub("", unicodedata.normalize("NFKD", plain_letters(form)))
    return plain_letters(unicodedata.normalize("NFC", form))


_FORMS = _Forms()
_ONE = (1).__eq__
