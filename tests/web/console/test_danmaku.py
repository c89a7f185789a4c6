"""A line that waits shows its moment to whoever decides, in the list and on the desk."""

from datetime import timedelta
from functools import partial

import pytest

from gentie.actions.operations.declare_stream import declare_stream
from gentie.danmaku.model import Stream, StreamKind
from gentie.sites.model import ThreadClass
from gentie.storage.db import Database
from tests.danmaku.build import a_film, a_line
from tests.newsroom import DAILY, NOON, OPERATOR
from tests.web.console.build import desk_of, open_room


@pytest.mark.clause("2022-2.2")
async def test_a_held_line_says_where_in_the_video(db: Database) -> None:
    room = await db.act(open_room)
    await db.act(partial(a_film, site=DAILY, key="report", kind=ThreadClass.NEWS))
    stream = Stream(
        kind=StreamKind.LIVE, started_at=NOON - timedelta(hours=2), delay=timedelta(seconds=20)
    )
    declaring = partial(declare_stream, site=DAILY, key="report", stream=stream)
    await db.act(partial(declaring, acting=OPERATOR, now=NOON))
    line = partial(a_line, by=room.author, site=DAILY, key="report", text="Look left")
    await db.act(partial(line, t_ms=3_723_000))

    async with desk_of(db, room) as client:
        listed = (await client.get("/api/v1/moderation/queue")).json()["items"]
        found = next(one for one in listed if one["text"] == "Look left")
        shown = {
            lang: (
                await client.get(
                    "/console/queue",
                    params={"item": found["id"]},
                    headers={"accept-language": lang},
                )
            ).text
            for lang in ("en", "zh-CN")
        }

    assert {one["text"]: one["t_ms"] for one in listed} == {
        "Buy at my shop": None,
        "Are bikes allowed?": None,
        "Look left": 3_723_000,
    }
    assert "at 1:02:03 of the video" in shown["en"]
    assert "在视频 1:02:03 处" in shown["zh-CN"]
    assert "/t/daily/report/danmaku?t=3723" in shown["en"]
    assert all(page.count("1:02:03") == 2 for page in shown.values())
