"""What Unicode lets people hide or pile up, and how a reader counts characters.

Comments, names and screening all clean text; what counts as invisible is said here, once.
"""

import re

import regex

MARKS = 8
"""Combining marks that one base character may carry. Living languages need fewer."""

_NONCHARACTERS = "".join(chr(plane << 16 | low) for plane in range(17) for low in (0xFFFE, 0xFFFF))
_UNSOUND = re.compile(f"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufdd0-\ufdef{_NONCHARACTERS}]")
_MAYBE_INVISIBLE = regex.compile(r"[\p{Cf}\p{Default_Ignorable_Code_Point}]")
_INVISIBLE = regex.compile(
    r"""
      (?<=\p{Emoji})\ufe0f(*SKIP)(*FAIL)
    | (?<=[\p{Extended_Pictographic}\p{Emoji_Modifier}\ufe0f])\u200d
      (?=\p{Extended_Pictographic})(*SKIP)(*FAIL)
    | (?<=[\p{L}\p{M}--[\p{Latin}\p{Greek}\p{Cyrillic}\p{Han}\p{Kana}\p{Hira}\p{Hang}\p{Zinh}]])
      [\u200c\u200d]
      (?=[\p{L}--[\p{Latin}\p{Greek}\p{Cyrillic}\p{Han}\p{Kana}\p{Hira}\p{Hang}]])
      (*SKIP)(*FAIL)
    | [\p{Cf}\p{Default_Ignorable_Code_Point}--\p{Prepended_Concatenation_Mark}]
    """,
    regex.VERBOSE | regex.V1,
)
_PILE = regex.compile(rf"([\p{{M}}\u200c\u200d]{{{MARKS}}})[\p{{M}}\u200c\u200d]+")
_VISIBLE = regex.compile(r"[\p{L}\p{N}\p{P}\p{S}--\u2800]", regex.V1)
_CLUSTER = regex.compile(r"\X")


def is_sound(text: str) -> bool:
    """Whether the text has no control characters (but line feed and tab) and no noncharacters.

    Lone surrogates are not looked for: encoding the text finds them.
    """
    return _UNSOUND.search(text) is None


def drop_invisible(text: str) -> str:
    """Remove what a reader cannot see: bidi controls, zero-width characters, tags, fillers.

    Joiners stay where a script or an emoji needs them, and so does the emoji variation selector.
    """
    return _INVISIBLE.sub("", text) if _MAYBE_INVISIBLE.search(text) else text


def cap_marks(text: str) -> str:
    """Keep the first eight of a run of combining marks."""
    return _PILE.sub(r"\1", text)


def is_visible(text: str) -> bool:
    """Whether a reader sees anything at all."""
    return _VISIBLE.search(text) is not None


def graphemes(text: str) -> int:
    """How many characters a reader counts (Unicode extended grapheme clusters)."""
    return sum(1 for _ in _CLUSTER.finditer(text))
