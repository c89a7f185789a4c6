from pathlib import Path

import pytest
from tools.record_docs import PAGE, page_with, tables

ROOT = Path(__file__).parent.parent.parent


def test_the_page_describes_the_format_as_it_is() -> None:
    """`python -m tools.record_docs` writes it again."""
    text = (ROOT / PAGE).read_text(encoding="utf-8")

    assert text == page_with(text, tables())


def test_a_field_that_the_page_lacks_is_seen() -> None:
    text = (ROOT / PAGE).read_text(encoding="utf-8")
    without = "\n".join(line for line in text.splitlines() if "| `tombstone` |" not in line)

    assert without != page_with(without, tables())


@pytest.mark.parametrize(
    "line",
    [
        "| `receipt` | text | SHA-256 of the secret that its author was given, so that the receipt",
        "| `state` | `held`, `published`, `refused`, `removed`, `withdrawn`, `erased` |",
        "| `class` | `news`, `blog`, `video`, `guestbook` |",
        "| `decisions` | list of kept decision |",
    ],
)
def test_fields_are_shown_with_kind_and_meaning(line: str) -> None:
    assert line in tables()
