"""Thirty thousand real comments on one page: every one comes in, once, and pages stay in order."""

import os
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
import sqlalchemy as sa

from gentie.actions.posting.approve_import import approve_import
from gentie.actions.posting.import_archive import Archived, ArchivePage, import_archive
from gentie.actions.posting.make_draft import make_draft
from gentie.comments import queries
from gentie.comments.cleaning import TextEmpty
from gentie.comments.model import Order, State
from gentie.comments.tables import comments
from gentie.kernel.actor import OPERATOR
from gentie.sites.queries import find_thread
from gentie.storage.db import Database
from tests.newsroom import NOON, NOTEBOOK, RULES, a_site

DATA = Path(os.environ.get("GENTIE_SHARED_DATA", Path(__file__).parents[4] / "shared/data"))
REAL = DATA / "korean_unlabeled" / "comments.txt"
EACH = 200
PAGE = ArchivePage(
    site=NOTEBOOK,
    source="load",
    key="busy",
    title="Busy",
    url="https://page.example/busy",
)


def archived() -> Iterator[Archived]:
    """The lines as comments, a second apart, every fifth an answer to the one before."""
    for number, line in enumerate(REAL.read_text(encoding="utf-8").splitlines()):
        try:
            draft = make_draft(line, RULES)
        except TextEmpty:
            continue
        yield Archived(
            source_id=str(number),
            parent=str(number - 1) if number % 5 == 4 else "",
            author=f"Reader {number % 997}",
            created_at=NOON - timedelta(days=1) + timedelta(seconds=number),
            draft=draft,
        )


@pytest.mark.slow
@pytest.mark.skipif(not REAL.is_file(), reason="../shared/data is not here")
async def test_thirty_thousand_real_comments(sqlite_db: Database) -> None:
    db = sqlite_db
    await db.act(partial(a_site, site=NOTEBOOK, regime="neutral"))
    items = list(archived())
    assert len(items) > 33_000

    batch, taken = "", 0
    for first in range(0, len(items), EACH):
        some = items[first : first + EACH]
        said = await db.act(
            partial(import_archive, page=PAGE, items=some, acting=OPERATOR, now=NOON)
        )
        batch, taken = said.batch, taken + said.imported
    while await db.act(partial(approve_import, batch_id=batch, acting=OPERATOR, now=NOON)):
        pass

    assert taken == len(items)
    await db.read(partial(everything_in_order, taken=taken))


def everything_in_order(tx: sa.Connection, taken: int) -> None:
    thread = find_thread(tx, NOTEBOOK, "busy")
    assert thread is not None
    states = {row.state: row.n for row in tx.execute(_STATES)}
    assert sum(states.values()) == taken
    assert queries.count_published(tx, thread.id) == states[State.PUBLISHED.value]
    seen, after = [], None
    while True:
        page = queries.list_roots(tx, thread.id, Order.OLDEST, after=after, most=50)
        seen += [one.created_at for one in page.items]
        after = page.next
        if after is None:
            break
    assert seen == sorted(seen)
    assert len(seen) == tx.scalar(_PUBLIC_ROOTS)


_STATES = sa.select(comments.c.state, sa.func.count().label("n")).group_by(comments.c.state)
_PUBLIC_ROOTS = sa.select(sa.func.count()).where(comments.c.root_id == "0", comments.c.shown == 1)
