"""What a person may not set is removed or refused before anything else looks at a text.

Nothing here knows Markdown or rules: it only makes sure that what is stored, screened and shown
is the same text, and that nobody pays for a text that was made to be expensive.
"""

import re
import unicodedata

from gentie.kernel.characters import cap_marks, drop_invisible, graphemes, is_sound, is_visible
from gentie.kernel.refusal import Refusal

LONGEST = 5000
"""Graphemes in a comment, where the site says nothing else."""
LONGEST_LINE = 100
"""The same for a line over a video."""
LONGEST_BYTES = 64 * 1024

_LINE_END = re.compile("\r\n?|[\u2028\u2029]")
_BLANK_START = re.compile(r"\A(?:[^\S\n]*\n)+")


class BadText(Refusal):
    code, says = "bad-text", "The text holds characters that no text needs."


class TextTooLong(Refusal):
    code, says = "text-too-long", "The text is too long."


class TextEmpty(Refusal):
    code, says = "text-empty", "There is nothing to read in the text."


def clean(text: str, *, longest: int = LONGEST) -> str:
    """Return the text as it is kept: NFC, line feeds only, nothing invisible, no piles of marks.

    Cleaning again changes nothing. `longest` counts graphemes; 64 KiB of UTF-8 is the limit
    whatever they are.

    Raises:
        BadText: control characters, NUL, lone surrogates or noncharacters.
        TextTooLong: facts are `longest` and `graphemes`, or `longest_bytes` and `bytes`.
        TextEmpty: nothing visible is left.
    """
    _require_bytes(text)
    text = _LINE_END.sub("\n", text)
    if not is_sound(text):
        raise BadText
    text = _plain_form(text)
    text = _BLANK_START.sub("", text.rstrip())
    if not is_visible(text):
        raise TextEmpty
    if len(text) > longest and (count := graphemes(text)) > longest:
        raise TextTooLong(longest=longest, graphemes=count)
    return text


def _require_bytes(text: str) -> None:
    try:
        size = len(text.encode())
    except UnicodeEncodeError as error:
        raise BadText from error
    if size > LONGEST_BYTES:
        raise TextTooLong(longest_bytes=LONGEST_BYTES, bytes=size)


def _plain_form(text: str) -> str:
    """Marks are capped before they are sorted, too: sorting a pile costs its square."""
    if text.isascii():
        return text
    text = unicodedata.normalize("NFC", cap_marks(drop_invisible(text)))
    return cap_marks(text)
