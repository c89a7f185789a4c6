"""Texts for people, in Chinese and English. The English source text names the message.

Chinese stands in `locale/zh_CN/*.po`, one file per area. `tests/test_texts.py` fails when a text
of templates, code or refusals has none.
"""

from functools import cache
from importlib import resources
from typing import Final, Literal

Lang = Literal["zh-CN", "en"]

LANGS: Final[tuple[Lang, ...]] = ("zh-CN", "en")


def in_lang(text: str, lang: str, **values: object) -> str:
    """`text` for any zh tag in Chinese, else as it is; `{name}` is replaced from `values`."""
    said = _chinese().get(text, text) if lang.startswith("zh") else text
    return said.format(**values) if values else said


@cache
def lang_of(accept_language: str) -> Lang:
    """What an Accept-Language header asks for first, of what there is. English when in doubt."""
    wishes = [_wish(item) for item in accept_language.lower().split(",")]
    for _, tag in sorted(wishes, key=lambda wish: -wish[0]):
        if tag.startswith(("zh", "en")):
            return "zh-CN" if tag.startswith("zh") else "en"
    return "en"


def _wish(item: str) -> tuple[float, str]:
    tag, _, weight = item.strip().partition(";q=")
    try:
        return float(weight or 1), tag
    except ValueError:
        return 0.0, tag


@cache
def _chinese() -> dict[str, str]:
    """All areas together: the same English always means the same Chinese.

    The widget has words of its own, where a button is small. Pages use those that no area has.
    """
    from babel.messages.pofile import read_po  # noqa: PLC0415 not every command speaks Chinese

    found: dict[str, str] = {}
    files = resources.files("gentie").joinpath("locale/zh_CN").iterdir()
    for file in sorted(files, key=lambda one: one.name != "widget.po"):
        if file.name.endswith(".po"):
            with file.open("rb") as lines:
                found.update((str(one.id), str(one.string)) for one in read_po(lines) if one.string)
    return found
