"""Texts to post and to show: 33,893 real comments where they are at hand, else made-up ones.

The real ones are Korean (../shared/data/korean_unlabeled, or under GENTIE_SHARED_DATA). Made-up
ones come from a fixed seed, three parts Chinese to one part English.
"""

import os
from functools import cache
from pathlib import Path
from random import Random

from gentie.comments.cleaning import clean
from gentie.kernel.refusal import Refusal

FILE = "korean_unlabeled/comments.txt"
LENGTH = 50
"""Characters of a made-up text."""
WORDS = (
    *("the", "a", "of", "news", "people", "think", "article", "price"),
    *("good", "bad", "why", "how", "city", "road", "school", "today"),
)


@cache
def comments(count: int) -> list[str]:
    """As many texts as that, each of which may be posted. They begin again when they run out."""
    file = shared_data() / FILE
    found = _usable(file.read_text(encoding="utf-8").splitlines()) if file.exists() else _made_up()
    return [found[at % len(found)] for at in range(count)]


def where_from() -> str:
    return "real texts" if (shared_data() / FILE).exists() else "made-up texts"


def shared_data() -> Path:
    beside = Path(__file__).parents[2] / "shared" / "data"
    return Path(os.environ.get("GENTIE_SHARED_DATA", beside))


def made_up(number: int, chance: Random) -> str:
    if number % 4 == 0:
        return " ".join(chance.choices(WORDS, k=LENGTH))[:LENGTH]
    return "".join(hanzi(chance) if chance.random() > 0.1 else "，" for _ in range(LENGTH))


def hanzi(chance: Random) -> str:
    """Common characters come more often, as in real text."""
    return chr(0x4E00 + min(int(chance.expovariate(1 / 1500)), 20_000))


def _made_up() -> list[str]:
    chance = Random(20260301)  # noqa: S311 the same texts each time
    return [made_up(number, chance) for number in range(4000)]


def _usable(lines: list[str]) -> list[str]:
    return [line for line in lines if _is_usable(line)]


def _is_usable(line: str) -> bool:
    try:
        return bool(clean(line).strip())
    except Refusal:
        return False
