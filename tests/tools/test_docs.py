"""`make docs`: every link in the rendered pages leads to a file of the rendered site."""

import re
from pathlib import Path

import pytest

from tools import docs


def test_the_rendered_pages_hang_together(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    site = tmp_path / "site"
    monkeypatch.setattr(docs, "SITE", site)

    assert docs.main() == 0

    links = [
        (page, link)
        for page in site.rglob("*.html")
        for link in re.findall(r'(?:href|src)="([^"#]+)', page.read_text(encoding="utf-8"))
        if "://" not in link
    ]
    assert len(links) > 100
    assert [(page, link) for page, link in links if not (page.parent / link).exists()] == []
