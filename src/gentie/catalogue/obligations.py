"""The rows of the catalogue: what each article of the source documents asks for, and its check.

The files are kept as they were written. In a row's `document`, "seed" is the English translation
that the row was made from; a row of the 2022 revision says how far its text was read.
"""

from functools import cache
from importlib import resources

import msgspec
import yaml

_FILES = ("obligations.yaml", "obligations_2022_final.yaml")


class Obligation(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    id: str
    """Document, article and, where it says several things, a letter: "2017-5.1a"."""
    document: str
    article: str
    text_summary: str
    bound_party: str
    """Comma-separated: provider, user, practitioner, public_account, regulator, public, all."""
    kind: str
    """technical, procedural or organisational."""
    capability: str
    check: str
    evidence: str


@cache
def obligations() -> dict[str, Obligation]:
    """All rows by id, in the order of the articles. Parsed once, when first asked for."""
    folder = resources.files("gentie.catalogue").joinpath("data")
    texts = [folder.joinpath(name).read_text(encoding="utf-8") for name in _FILES]
    rows = [row for text in texts for row in yaml.load(text, Loader=yaml.CSafeLoader)]
    return {row.id: row for row in msgspec.convert(rows, list[Obligation])}
