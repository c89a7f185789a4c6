"""The disk is full. Who posts is told to come back, who reads notices nothing, nothing is lost."""

import sqlalchemy as sa

from tests.newsroom import NOTEBOOK
from tests.whole import Whole, accept

PATH = f"/api/v1/sites/{NOTEBOOK}/threads/blog/comments"


def fill(tx: sa.Connection) -> None:
    """From here on no page more fits: what a full disk says, the file says."""
    pages = tx.exec_driver_sql("PRAGMA page_count").scalar_one()
    tx.exec_driver_sql(f"PRAGMA max_page_count = {pages}")


def make_room(tx: sa.Connection) -> None:
    tx.exec_driver_sql("PRAGMA max_page_count = 1000000")


async def test_a_full_disk_takes_nothing_and_shows_everything(whole: Whole) -> None:
    async with whole.browser() as web:
        reed = await whole.sign_up(web, "Reed")
        await accept(web, reed, "neutral")
        kept = await web.post(PATH, json={"text": "Before"}, headers=reed)
        await whole.settle()

        await whole.db.act(fill)
        before = await whole.rows()
        answers = [
            await web.post(PATH, json={"text": "a\n\n" * 1500}, headers=reed) for _ in range(5)
        ]
        read = await web.get(f"{PATH}?sort=oldest")
        page = await web.get("/t/notebook/blog?lang=en")
        after = await whole.rows()

        await whole.db.act(make_room)
        again = await web.post(PATH, json={"text": "After"}, headers=reed)

    assert kept.status_code == 201
    assert {(one.status_code, one.json()["title"]) for one in answers} == {(503, "not-available")}
    assert [one["text"] for one in read.json()["comments"]] == ["Before"]
    assert "Before" in page.text
    assert after["comment"] == before["comment"]
    assert again.status_code == 201
