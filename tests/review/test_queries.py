"""What is said about how long reviews take."""

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from gentie.kernel.ids import SiteId
from gentie.review.queries import RECENT, Wait, find_wait
from gentie.review.tables import items
from gentie.storage.db import Database

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
DAILY, OTHER = SiteId("daily"), SiteId("other")


def an_item(
    number: int, minutes: float, *, site: SiteId = DAILY, ago: int = 0
) -> dict[str, object]:
    """Waited `minutes`, decided `ago` hours before noon."""
    decided = NOON - timedelta(hours=ago)
    return {
        "id": number,
        "site_id": site,
        "thread": 1,
        "comment": number,
        "revision": 1,
        "state": "decided",
        "opened_at": decided - timedelta(minutes=minutes),
        "due_at": decided,
        "version": 1,
        "decided_role": "moderator",
        "decided_measure": "publish",
        "decided_at": decided,
    }


async def wait_after(db: Database, *rows: dict[str, object]) -> Wait | None:
    def work(tx: sa.Connection) -> Wait | None:
        tx.execute(items.insert(), list(rows))
        return find_wait(tx, DAILY, since=NOON - timedelta(days=30))

    return await db.act(work)


@pytest.mark.parametrize(
    ("minutes", "median"), [([9, 1, 2, 3, 4], 180), ([1, 2, 3, 4, 5, 60], 210)]
)
async def test_half_of_the_last_reviews(db: Database, minutes: list[int], median: int) -> None:
    rows = [an_item(number, each) for number, each in enumerate(minutes)]

    assert await wait_after(db, *rows) == Wait(median_seconds=median, count=len(minutes))


async def test_of_too_few_nothing_is_said(db: Database) -> None:
    here = [an_item(number, 1) for number in range(4)]
    elsewhere = [an_item(10 + number, 1, site=OTHER) for number in range(9)]
    long_ago = [an_item(20 + number, 1, ago=31 * 24) for number in range(9)]

    assert await wait_after(db, *here, *elsewhere, *long_ago) is None


async def test_the_last_ones_count(db: Database) -> None:
    now = [an_item(number, 2) for number in range(RECENT)]
    before = [an_item(100 + number, 90, ago=5) for number in range(2 * RECENT)]

    assert await wait_after(db, *now, *before) == Wait(median_seconds=120, count=RECENT)
