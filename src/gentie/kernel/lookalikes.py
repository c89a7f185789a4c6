"""Letters of other scripts that look like Latin ones, and Katakana that looks like Han.

A small table on purpose: letters that most typefaces draw alike, in the forms that remain after
case folding. Names are compared and terms are found through it; nothing is ever shown through it.
"""

_CYRILLIC = {
    "а": "a", "в": "b", "е": "e", "ё": "e", "к": "k", "м": "m", "н": "h", "о": "o", "р": "p",
    "с": "c", "т": "t", "у": "y", "х": "x", "ѕ": "s", "і": "i", "ї": "i", "ј": "j", "һ": "h",
    "ԁ": "d", "ԛ": "q", "ԝ": "w", "ү": "y", "ѵ": "v", "ɡ": "g", "ӏ": "l",
}  # fmt: skip
_GREEK = {
    "α": "a", "β": "b", "ε": "e", "η": "n", "ι": "i", "κ": "k", "ν": "v", "ο": "o", "ρ": "p",
    "τ": "t", "υ": "u", "χ": "x", "γ": "y", "ω": "w", "ϳ": "j",
}  # fmt: skip
_LATIN = {
    "ı": "i", "ɩ": "i", "ɑ": "a", "ɛ": "e", "ƅ": "b", "ɢ": "g", "ʏ": "y", "ᴀ": "a", "ᴄ": "c",
    "ᴅ": "d", "ᴇ": "e", "ᴋ": "k", "ᴍ": "m", "ɴ": "n", "ᴏ": "o", "ᴘ": "p", "ʀ": "r", "ᴛ": "t",
    "ᴜ": "u", "ᴠ": "v", "ᴡ": "w", "ᴢ": "z", "ø": "o", "đ": "d", "ł": "l",
}  # fmt: skip
_HAN = {
    "ロ": "口",
    "カ": "力",
    "ニ": "二",
    "エ": "工",
    "タ": "夕",
    "ト": "卜",
    "ハ": "八",
    "へ": "ヘ",
}

LOOKALIKES = {**_CYRILLIC, **_GREEK, **_LATIN, **_HAN}
"""Case-folded character -> the one it looks like."""
_TABLE = str.maketrans(LOOKALIKES)


def plain_letters(folded: str) -> str:
    """Replace look-alikes in a text that has been case-folded. The length stays the same."""
    return folded.translate(_TABLE)
