"""A broken or hostile export: one line that says so, and not a row more than before."""

from pathlib import Path

import pytest
import sqlalchemy as sa

from gentie.storage.db import Database
from gentie.storage.schema import metadata
from tests.newsroom import NOTEBOOK, a_site
from tests.serving import gentie
from tests.whole import rows_of

LAUGHS = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><rss>&b;</rss>'
FILE = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><rss>&a;</rss>'


@pytest.mark.parametrize(
    "export", [LAUGHS, FILE, "<rss><channel>", "\x00\x01"], ids=["laughs", "file", "cut", "noise"]
)
async def test_is_refused_in_one_line(tmp_path: Path, export: str) -> None:
    assert gentie("migrate", "--data", tmp_path).returncode == 0
    db = Database(f"sqlite:///{tmp_path}/gentie.db")
    await db.act(_open)
    before = await db.read(_rows)
    hostile = tmp_path / "export.xml"
    hostile.write_text(export)

    done = gentie("import", "wxr", hostile, "--site", NOTEBOOK, "--data", tmp_path)

    assert done.returncode in {1, 2}
    assert len(done.stderr.strip().splitlines()) == 1, done.stderr
    for inside in ("Traceback", "root:", ".py"):
        assert inside not in done.stdout + done.stderr
    assert await db.read(_rows) == before
    await db.close()


def _open(tx: sa.Connection) -> None:
    a_site(tx, NOTEBOOK, regime="neutral")


def _rows(tx: sa.Connection) -> dict[str, list[str]]:
    return rows_of(tx, metadata.sorted_tables)
