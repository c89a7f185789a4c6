"""A reader follows the real server while another process writes, until the server leaves."""

import asyncio
import json
import signal
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TypeVar

import httpx
import pytest
import sqlalchemy as sa

from gentie.actions.moderation.remove_comment import Removal, remove_comment
from gentie.kernel.actor import Actor
from gentie.kernel.clock import utc_now
from gentie.kernel.ids import CommentRef
from gentie.storage.db import Database
from tests.newsroom import ANN, BEN, NOTEBOOK, a_person, a_site, post, staff
from tests.serving import gentie, serving

T = TypeVar("T")


def beside(url: str, body: Callable[[sa.Connection], T]) -> T:
    """As a command does beside the server: on a connection of its own."""

    async def act() -> T:
        db = Database(url)
        try:
            return await db.act(body)
        finally:
            await db.close()

    return asyncio.run(act())


def set_up(tx: sa.Connection) -> tuple[Actor, Actor]:
    a_site(tx, NOTEBOOK, regime="neutral")
    return a_person(tx), staff(tx, ANN, BEN)[0]


@pytest.mark.clause("2017-5.5d")
def test_what_another_process_does_is_told_and_the_end_as_well(
    tmp_path: Path, database_url: str
) -> None:
    data, config = tmp_path / "news", tmp_path / "gentie.toml"
    config.write_text(f'database_url = "{database_url}"\n')
    migrated = gentie("migrate", "--data", data, "--config", config)
    assert migrated.returncode == 0, migrated.stderr
    river, ann = beside(database_url, set_up)
    with (
        serving(data, "--config", str(config)) as (process, address),
        httpx.Client(base_url=address, timeout=30) as client,
        client.stream("GET", f"/api/v1/sites/{NOTEBOOK}/threads/blog/live") as stream,
    ):
        lines = stream.iter_lines()

        def until(name: str) -> dict[str, object]:
            """The data of the next event of that name."""
            while next(lines) != f"event: {name}":
                pass
            return dict(json.loads(next(lines).removeprefix("data: ")))

        until("here")
        made = beside(database_url, partial(post, by=river, text="Gone soon", now=utc_now()))
        new = until("new")
        removal = Removal(class_id="spam", facts="Seen", message="Not here")
        removing = partial(remove_comment, ref=CommentRef.parse(made.id), removal=removal)
        beside(database_url, partial(removing, acting=ann, now=utc_now()))
        removed = until("removed")
        page = client.get(f"/api/v1/sites/{NOTEBOOK}/recent").json()
        process.send_signal(signal.SIGTERM)
        until("bye")
        rest = [line for line in lines if line]
        code = process.wait(30)

    assert "Gone soon" in str(new)
    assert removed["id"] == made.id
    assert "Gone soon" not in str(removed)
    assert page == {"comments": []}
    assert (rest, code) == ([], 0)
