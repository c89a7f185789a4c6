"""Front-stage names: which are allowed, and which look so much alike that they count as one."""

import re
import unicodedata

import regex

from gentie.kernel.characters import cap_marks, drop_invisible, graphemes, is_sound
from gentie.kernel.lookalikes import plain_letters
from gentie.kernel.refusal import Refusal

SHORTEST, LONGEST = 2, 24
"""Graphemes in a name."""
LONGEST_POINTS = 96
"""Code points: no name needs more than four for each character a reader counts."""

_SPACES = re.compile(r"\s+")
_WORDLIKE = regex.compile(r"[\p{L}\p{N}]")
_ACCENT = regex.compile(r"[\p{Inherited}--[\u3099\u309a]]+", regex.V1)
"""Accents, which belong to no script. The vowels of Indic scripts and the marks of Kana stay."""
_NOT_KEPT = regex.compile(r"[\p{P}\p{Z}\p{C}\ufe00-\ufe0f\u3164\u2800]+")
_AS_ONE = str.maketrans("01l|", "oiii")


class BadName(Refusal):
    """Facts: `fault` is one of characters, invisible, short, long, punctuation."""

    code, says = "bad-name", "This name cannot be used."


def clean_name(text: str) -> str:
    """Return the name as it is shown: NFC, single spaces, 2 to 24 graphemes.

    Raises:
        BadName: control or invisible characters, a direction override, too short or too long,
            or neither a letter nor a digit in it.
    """
    name = _SPACES.sub(" ", _sound(text)).strip()
    name = cap_marks(unicodedata.normalize("NFC", cap_marks(name)))
    if drop_invisible(name) != name:
        raise BadName(fault="invisible")
    if len(name) > LONGEST_POINTS or (count := graphemes(name)) > LONGEST:
        raise BadName(fault="long", longest=LONGEST)
    if count < SHORTEST:
        raise BadName(fault="short", shortest=SHORTEST)
    if _WORDLIKE.search(name) is None:
        raise BadName(fault="punctuation")
    return name


def name_key(text: str) -> str:
    """Return what two names share when a reader could take one for the other.

    Case, width, accents, spaces, punctuation and look-alike letters do not
    count. Made for comparing, never for showing.
    """
    folded = unicodedata.normalize("NFKC", _folded(text).casefold())
    letters = unicodedata.normalize("NFD", plain_letters(_NOT_KEPT.sub("", folded)))
    key = unicodedata.normalize("NFC", _ACCENT.sub("", letters))
    return plain_letters(key).translate(_AS_ONE) or text.casefold()


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", cap_marks(drop_invisible(text)).casefold())


def _sound(text: str) -> str:
    """Raises BadName: what no name may hold. Length is looked at early: work must be bounded."""
    if len(text) > 4 * LONGEST_POINTS:
        raise BadName(fault="long", longest=LONGEST)
    if not is_sound(text) or any("\ud800" <= char <= "\udfff" for char in text):
        raise BadName(fault="characters")
    return text
