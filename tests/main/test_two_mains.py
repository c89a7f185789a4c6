"""Two processes that take comments on one PostgreSQL: neither goes on showing what is gone."""

import asyncio
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TypeVar

import httpx
import pytest
import sqlalchemy as sa

from gentie.actions.posting.withdraw_comment import withdraw_comment
from gentie.kernel.actor import Actor
from gentie.kernel.clock import utc_now
from gentie.kernel.ids import CommentRef
from gentie.storage.db import Database
from tests.danmaku.build import a_film, a_line
from tests.engines import postgres_database
from tests.newsroom import NOTEBOOK, a_person, a_site, post
from tests.serving import gentie, serving

T = TypeVar("T")
FILM = f"/api/v1/sites/{NOTEBOOK}/threads/film"
READ = (f"{FILM}/danmaku", f"{FILM}/danmaku.json", f"/t/{NOTEBOOK}/film/danmaku")
PATIENCE = 400
"""Looks, each at all pages of both."""


def act(url: str, body: Callable[[sa.Connection], T]) -> T:
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


def until_told(mains: list[httpx.Client], path: str, text: str, *, there: bool) -> None:
    """Until both say so."""
    for _ in range(PATIENCE):
        if all((text in main.get(path).text) is there for main in mains):
            return
    raise AssertionError(f"{path}: {text!r} there: {not there}")


@pytest.mark.clause("2017-5.5d")
def test_what_is_removed_at_one_is_gone_at_both(tmp_path: Path, postgres_server: str) -> None:
    with postgres_database(postgres_server) as url:
        data, config = tmp_path / "news", tmp_path / "gentie.toml"
        config.write_text(f'database_url = "{url}"\n')
        migrated = gentie("migrate", "--data", data, "--config", config)
        assert migrated.returncode == 0, migrated.stderr
        river = act(url, set_up)
        with (
            serving(data, "--config", str(config)) as (_, one),
            serving(data, "--config", str(config)) as (_, other),
            httpx.Client(base_url=one, timeout=30) as first,
            httpx.Client(base_url=other, timeout=30) as second,
        ):
            mains = [first, second]
            line = act(url, partial(a_line, by=river, text="Not for long", now=utc_now()))
            words = act(url, partial(post, by=river, key="film", text="Neither", now=utc_now()))
            until_told(mains, READ[0], '"count":1', there=True)
            for path in READ[1:]:
                until_told(mains, path, "Not for long", there=True)
            until_told(mains, f"{FILM}/comments", "Neither", there=True)
            segment = first.get(READ[0]).json()["segments"][0]["url"]
            assert {main.get(segment).status_code for main in mains} == {200}

            for made in (line, words):
                ref = CommentRef.parse(made.id)
                act(url, partial(withdraw_comment, ref=ref, acting=river, now=utc_now()))
            until_told(mains, READ[0], '"count":0', there=True)
            for path in READ[1:]:
                until_told(mains, path, "Not for long", there=False)
            until_told(mains, f"{FILM}/comments", "Neither", there=False)
            assert {main.get(segment).status_code for main in mains} == {410}
