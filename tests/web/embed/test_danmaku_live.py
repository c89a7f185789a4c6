"""Danmaku in the page's one stream: batches, removals at once, and nothing told again that went."""

from collections.abc import AsyncIterator
from datetime import timedelta
from functools import partial
from typing import Any

import httpx
import msgspec
import pytest

from gentie.actions.operations.declare_stream import declare_stream
from gentie.actions.operations.note_sampling import note_sampling
from gentie.actions.posting.withdraw_comment import withdraw_comment
from gentie.danmaku.model import Stream, StreamKind
from gentie.kernel.actor import SERVICE, Actor
from gentie.kernel.ids import CommentRef
from gentie.pages.telling_lines import load_lines
from gentie.storage.db import Database
from tests.danmaku.build import a_film, a_line
from tests.newsroom import NOON, NOTEBOOK, OPERATOR, a_person, ref_of
from tests.web.embed.build import Client, People, a_client, hear, open_sites
from tests.web.embed.test_live import Reader
from tests.web.serving import served

LIVE = "/api/v1/sites/notebook/threads/film/danmaku/live"


@pytest.fixture
async def river(db: Database) -> Actor:
    await open_sites(db)
    await db.act(a_film)
    return await db.act(a_person)


@pytest.fixture
async def client(db: Database, river: Actor) -> AsyncIterator[Client]:
    async with a_client(db, People()) as client:
        await hear(client, db)
        yield client


@pytest.fixture
async def http(client: Client) -> AsyncIterator[httpx.AsyncClient]:
    async with served(client.app) as url, httpx.AsyncClient(base_url=url, timeout=30) as http:
        yield http


def told(event: dict[str, str]) -> Any:
    return msgspec.json.decode(event["data"])


async def test_lines_come_together_and_say_of_how_many(
    client: Client, http: httpx.AsyncClient, db: Database, river: Actor
) -> None:
    async with http.stream("GET", LIVE) as answer:
        reader = Reader(answer)
        await reader.until("here")
        for n in range(8):
            await db.act(partial(a_line, by=river, t_ms=n, text=f"Line {n}"))
        await hear(client, db)
        batch = told(await reader.until("danmaku"))

    assert (len(batch["rows"]), batch["of"]) == (5, 8)
    segment = (await client.get("/api/v1/sites/notebook/threads/film/danmaku")).json()
    rows = (await client.get(segment["segments"][0]["url"])).json()["rows"]
    assert {tuple(row) for row in batch["rows"]} <= {tuple(row) for row in rows}


@pytest.mark.clause("2017-7.1a")
async def test_the_rate_is_told_and_kept(
    client: Client, http: httpx.AsyncClient, db: Database, river: Actor
) -> None:
    """Each change once, also when two processes tell of it; anybody can read it afterwards."""
    async with http.stream("GET", LIVE) as answer:
        reader = Reader(answer)
        await reader.until("here")
        for n in range(12):
            await db.act(partial(a_line, by=river, t_ms=n, text=f"Line {n}"))
        await hear(client, db)
        batch = told(await reader.until("danmaku"))
    thread = CommentRef.parse(batch["rows"][0][0]).thread
    again = partial(note_sampling, thread=thread, one_in=4, acting=SERVICE)
    kept = await db.act(partial(again, now=NOON + timedelta(seconds=1)))
    await hear(client, db)
    manifest = (await client.get("/api/v1/sites/notebook/threads/film/danmaku")).json()
    page = await client.get("/t/notebook/film/danmaku?lang=en")

    assert (len(batch["rows"]), batch["of"], batch["one_in"], kept) == (5, 12, 4, False)
    assert manifest["sampling"]["live"] == [{"since": "2026-03-01T12:00:00Z", "one_in": 4}]
    assert "about 1 in 4" in page.text


@pytest.mark.clause("2017-5.5d")
async def test_what_went_is_told_at_once_and_never_again(
    client: Client, http: httpx.AsyncClient, db: Database, river: Actor
) -> None:
    async with http.stream("GET", LIVE) as answer:
        reader = Reader(answer)
        first = await reader.until("here")
        made = await db.act(partial(a_line, by=river, text="Not for long"))
        await hear(client, db)
        assert "Not for long" in (await reader.until("danmaku"))["data"]
        await db.act(partial(withdraw_comment, ref=ref_of(made), acting=river, now=NOON))
        await hear(client, db)
        assert told(await reader.until("danmaku-removed")) == {"ids": [made.id]}

    async with http.stream("GET", LIVE, headers={"last-event-id": first["id"]}) as answer:
        reader = Reader(answer)
        told_again = [await reader.next()]
        while told_again[-1]["event"] != "danmaku-removed":
            told_again.append(await reader.next())
    assert "danmaku-again" in {event["event"] for event in told_again}
    assert not any("Not for long" in event["data"] for event in told_again)
    assert told(told_again[-1]) == {"ids": [made.id]}


@pytest.mark.clause("2022-4.4b")
async def test_a_line_that_was_decided_late_is_not_told_live(db: Database, river: Actor) -> None:
    stream = Stream(
        kind=StreamKind.LIVE, started_at=NOON - timedelta(hours=1), delay=timedelta(seconds=20)
    )
    declaring = partial(declare_stream, site=NOTEBOOK, key="film", stream=stream)
    await db.act(partial(declaring, acting=OPERATOR, now=NOON))
    made = await db.act(partial(a_line, by=river, t_ms=None))
    refs = {CommentRef.parse(made.id)}

    lines, gone = await db.read(partial(load_lines, refs=refs, now=NOON + timedelta(seconds=20)))
    assert ([one.id for one in lines], gone) == ([made.id], ())
    late = NOON + timedelta(seconds=21)
    assert await db.read(partial(load_lines, refs=refs, now=late)) == ([], ())
