"""Readers follow and read one process while another takes comments, on either database."""

import asyncio
import json
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import httpx
import pytest
import sqlalchemy as sa

from gentie.actions.posting.withdraw_comment import withdraw_comment
from gentie.kernel.actor import Actor
from gentie.kernel.clock import utc_now
from gentie.kernel.ids import CommentRef
from gentie.storage import hints
from gentie.storage.db import Database
from tests.danmaku.build import a_film, a_line
from tests.newsroom import NOTEBOOK, a_person, a_site, post
from tests.serving import gentie, serving

T = TypeVar("T")


def act(url: str, body: Callable[[sa.Connection], T]) -> T:
    """As the process that takes comments does it."""

    async def once() -> T:
        db = Database(url)
        try:
            return await db.act(body)
        finally:
            await db.close()

    return asyncio.run(once())


def set_up(tx: sa.Connection) -> Actor:
    a_site(tx, NOTEBOOK, regime="neutral")
    a_film(tx)
    return a_person(tx)


@pytest.mark.clause("2017-5.5d")
def test_what_is_written_elsewhere_is_told_here(tmp_path: Path, database_url: str) -> None:
    data, config = tmp_path / "news", tmp_path / "gentie.toml"
    config.write_text(f'database_url = "{database_url}"\n')
    migrated = gentie("migrate", "--data", data, "--config", config)
    assert migrated.returncode == 0, migrated.stderr
    river = act(database_url, set_up)
    by_river: dict[str, Any] = {"acting": river, "now": utc_now()}
    live = f"/api/v1/sites/{NOTEBOOK}/threads"
    with (
        serving(data, "--config", str(config), "--role", "live") as (_, address),
        httpx.Client(base_url=address, timeout=30) as client,
        client.stream("GET", f"{live}/film/danmaku/live") as video,
        client.stream("GET", f"{live}/blog/live") as blog,
    ):
        told = {"video": video.iter_lines(), "blog": blog.iter_lines()}

        def until(stream: str, name: str) -> dict[str, object]:
            """The data of the next event of that name."""
            while next(told[stream]) != f"event: {name}":
                pass
            return dict(json.loads(next(told[stream]).removeprefix("data: ")))

        until("video", "here")
        until("blog", "here")
        made = act(database_url, partial(a_line, by=river, text="Look there", now=utc_now()))
        act(database_url, partial(post, by=river, text="And here", now=utc_now()))
        batch, new = until("video", "danmaku"), until("blog", "new")
        act(database_url, partial(withdraw_comment, ref=CommentRef.parse(made.id), **by_river))
        gone = until("video", "danmaku-removed")
        page = client.get(f"{live}/blog/comments")
        written = act(database_url, partial(post, by=river, text="And there", now=utc_now()))
        while "And there" not in (later := client.get(f"{live}/blog/comments")).text:
            time.sleep(0.05)
        act(database_url, partial(withdraw_comment, ref=CommentRef.parse(written.id), **by_river))
        until("blog", "removed")
        last = client.get(f"{live}/blog/comments")
        wrong = client.get(f"{live}/blog/comments?limit=0")
        ready = client.get("/readyz")
        posted = client.post(f"{live}/blog/comments", json={"text": "Not here"})

    assert "Look there" in str(batch)
    assert "And here" in str(new)
    assert gone == {"ids": [made.id]}
    assert ["And here" in one.text for one in (page, later, last)] == [True, True, True]
    assert ["And there" in one.text for one in (page, last)] == [False, False]
    assert (ready.status_code, wrong.status_code, posted.status_code) == (200, 422, 405)


def test_nothing_is_served_that_is_not_there(tmp_path: Path) -> None:
    answer = gentie("serve", "--role", "live", "--port", "0", "--data", tmp_path / "none")
    assert answer.returncode == 1
    assert "gentie migrate" in answer.stderr


async def test_hints_are_written_only_while_somebody_listens(db: Database) -> None:
    river = await db.act(set_up)
    now = utc_now()
    await db.act(partial(a_line, by=river, now=now))
    assert await db.read(hints.last) == "0"

    await db.act(partial(hints.listen, holder="one", now=now))
    await db.act(partial(a_line, by=river, now=now))
    (hint,) = await db.read(partial(hints.after, last="0"))
    assert (hint.topic, hint.about["key"]) == ("danmaku.changed", "film")

    assert await db.act(partial(hints.renew, holder="one", now=now + hints.TERM / 2))
    late = now + 2 * hints.TERM
    assert not await db.act(partial(hints.renew, holder="one", now=late))
    await db.act(partial(a_line, by=river, now=late))
    assert len(await db.read(partial(hints.after, last="0"))) == 1
    await db.act(partial(hints.forget_old, now=late + hints.KEPT))
    assert await db.read(hints.last) == "0"
