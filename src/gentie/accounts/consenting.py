"""The wording of each consent, version by version. Pure.

What a person said yes to is the text of the version that the ledger names.
"""

import tomllib
from functools import cache
from importlib import resources

import msgspec

from gentie.accounts.model import Purpose


class Wording(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    version: int
    tables: tuple[str, ...]
    """What is kept for it, as the inventory calls it."""
    zh: str
    en: str

    def in_lang(self, lang: str) -> str:
        return self.zh if lang.startswith("zh") else self.en


@cache
def wordings() -> dict[Purpose, tuple[Wording, ...]]:
    """All versions of each purpose, oldest first."""
    file = resources.files("gentie.accounts").joinpath("data/consents.toml")
    raw = tomllib.loads(file.read_text(encoding="utf-8"))
    return msgspec.convert(raw, dict[Purpose, tuple[Wording, ...]])
