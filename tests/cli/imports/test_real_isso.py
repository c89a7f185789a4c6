"""Isso itself, from PyPI, is written to over HTTP; what it kept is what we read."""

from datetime import UTC
from pathlib import Path

import httpx
import pytest
from bench.isso import install, started

from gentie.cli.imports.fields import moment
from tests.cli.imports.build import staged, staging_of

SITE = {"origin": "http://page.example", "referer": "http://page.example/"}


def posted(address: str, uri: str, **said: object) -> dict[str, object]:
    answer = httpx.post(
        f"{address}/new", params={"uri": uri}, json={"title": "Tea", **said}, headers=SITE
    )
    assert answer.status_code in (201, 202), answer.text
    found: dict[str, object] = answer.json()
    return found


@pytest.mark.slow
def test_reads_what_isso_kept(tmp_path: Path) -> None:
    with started(install(), tmp_path) as server:
        first = posted(server.address, "/a/1", text="Fine **tea** & <b>more</b>", author="Li")
        second = posted(server.address, "/a/1", text="A reply", parent=first["id"], author="安")
        posted(server.address, "/a/2", text="Elsewhere 🍵", email="li@example.org")
    staging = staging_of(tmp_path / "isso.db")
    found = {one.id: one for one in staged(staging)}

    assert staging.wanted == 3
    assert found[str(second["id"])].parent == str(first["id"])
    assert [one.author for one in found.values()] == ["Li", "安", ""]
    assert {one.key for one in found.values()} == {"/a/1", "/a/2"}
    assert {one.title for one in found.values()} == {"Tea"}
    assert found[str(first["id"])].at == moment(first["created"], UTC)
    assert len({one.site for one in found.values()} - {""}) == 1
