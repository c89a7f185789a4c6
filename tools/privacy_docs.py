"""What is kept of people, written from the inventory into docs/privacy.md.

`python -m tools.privacy_docs` writes the part between the two marks again; a test fails when the
page and the inventory differ, so that the page cannot fall behind.
"""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from gentie.privacy.inventory import lines_of, load_inventory
from gentie.privacy.model import Inventory, Record

PAGE: Final = Path("docs/privacy.md")
BEGIN: Final = "<!-- written by tools/privacy_docs.py -->\n"
END: Final = "<!-- end of what is written -->\n"


def page_with(text: str, tables: str) -> str:
    """The page with what stands between the marks written again."""
    before, _, rest = text.partition(BEGIN)
    return f"{before}{BEGIN}\n{tables}\n{END}{rest.partition(END)[2]}"


def tables() -> str:
    return "\n".join(_sections(load_inventory()))


def _sections(inventory: Inventory) -> Iterator[str]:
    for name, purpose in inventory.purposes.items():
        records = [one for one in inventory.records if one.purpose == name]
        basis = inventory.bases[purpose.basis].en
        law = next(
            (one.law.en for one in lines_of(inventory) if one.purpose.en == purpose.en and one.law),
            "",
        )
        yield f"### {purpose.en}\n\nLegal ground: {basis}{f' ({law})' if law else ''}.\n"
        yield "| what | kept | table | in one's own copy |\n|---|---|---|---|"
        yield from (_row(inventory, one) for one in records)
        yield ""


def _row(inventory: Inventory, one: Record) -> str:
    kept = inventory.retentions[one.retention].en
    sealed = " (vault)" if one.where == "vault" else ""
    copied = f"`{one.copy}`" if one.copy else f"no: {one.kept_back.en if one.kept_back else ''}"
    return f"| {one.what.en} | {kept} | `{one.table}`{sealed} | {copied} |"


def main() -> int:
    text = PAGE.read_text(encoding="utf-8")
    PAGE.write_text(page_with(text, tables()), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
