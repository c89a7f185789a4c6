"""The stream itself, over a real connection: what it says, when it ends, what it leaves behind."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

import httpx
import msgspec
import pytest

from gentie.actions.operations.alias_thread import alias_thread
from gentie.kernel.actor import Actor
from gentie.pages.streams import Streams
from gentie.sites.model import ThreadClass
from gentie.storage.db import Database
from gentie.web.embed import live
from gentie.web.embed.live import neighbourhood
from tests.newsroom import NOON, NOTEBOOK, OPERATOR, a_person, a_thread, post
from tests.web.embed.build import Client, People, a_client, hear, open_sites
from tests.web.serving import served

LIVE = "/api/v1/sites/notebook/threads/blog/live"


class Reader:
    """Reads a stream event by event."""

    def __init__(self, answer: httpx.Response) -> None:
        self.answer = answer
        self._lines = answer.aiter_lines()

    async def next(self) -> dict[str, str]:
        """The fields of the next event. Empty: the stream has ended."""
        fields: dict[str, str] = {}
        async for line in self._lines:
            if not line:
                return fields
            name, _, value = line.partition(": ")
            fields[name] = value
        return fields

    async def until(self, name: str) -> dict[str, str]:
        while (event := await self.next()) and event["event"] != name:
            pass
        return event


@pytest.fixture
def streams() -> Streams:
    return Streams(most=3, each=2)


@pytest.fixture
async def river(db: Database) -> Actor:
    await open_sites(db)
    return await db.act(a_person)


@pytest.fixture
async def client(db: Database, river: Actor, streams: Streams) -> AsyncIterator[Client]:
    async with a_client(db, People(), streams=streams) as client:
        await hear(client, db)
        yield client


@pytest.fixture
async def http(client: Client) -> AsyncIterator[httpx.AsyncClient]:
    async with served(client.app) as url, httpx.AsyncClient(base_url=url, timeout=30) as http:
        yield http
        client.app.streams.end()  # what a test leaves open ends as it does when we leave


@asynccontextmanager
async def reading(http: httpx.AsyncClient, path: str = LIVE, **more: Any) -> AsyncIterator[Reader]:
    async with http.stream("GET", path, **more) as answer:
        yield Reader(answer)


async def until(streams: Streams, count: int) -> None:
    while streams.count != count:
        await asyncio.sleep(0.005)


async def test_says_hello_then_what_is_new(
    db: Database, river: Actor, client: Client, http: httpx.AsyncClient
) -> None:
    async with reading(http, headers={"origin": "https://elsewhere.example"}) as reader:
        hello = await reader.next()
        made = await db.act(partial(post, by=river, text="New"))
        await hear(client, db)
        new = await reader.next()

    headers = reader.answer.headers
    assert headers["content-type"] == "text/event-stream; charset=utf-8"
    assert headers["cache-control"] == "no-store, no-transform"
    assert headers["x-accel-buffering"] == "no"
    assert headers["access-control-allow-origin"] == "*"
    assert "content-length" not in headers
    assert "content-encoding" not in headers
    assert 2000 <= int(hello["retry"]) < 6000
    assert (hello["event"], hello["data"]) == ("here", "{}")
    assert new["event"] == "new"
    assert msgspec.json.decode(new["data"])["comment"]["id"] == made.id


async def test_a_thread_is_followed_before_there_is_one(
    db: Database, river: Actor, client: Client, http: httpx.AsyncClient
) -> None:
    async with reading(http, LIVE.replace("blog", "unheard-of")) as reader:
        await reader.next()
        await db.act(partial(a_thread, site=NOTEBOOK, key="unheard-of", kind=ThreadClass.BLOG))
        await hear(client, db)
        declared = await reader.next()
        await db.act(partial(post, by=river, key="blog"))
        await db.act(partial(post, by=river, key="unheard-of", text="Here"))
        await hear(client, db)
        told = await reader.next()

    assert (declared["event"], declared["data"]) == ("again", '{"why":"changed"}')
    assert (told["event"], "Here" in told["data"]) == ("new", True)


async def test_a_thread_is_followed_by_any_of_its_names(
    db: Database, river: Actor, client: Client, http: httpx.AsyncClient
) -> None:
    aliasing = partial(alias_thread, site=NOTEBOOK, key="blog", alias="old-blog")
    await db.act(partial(aliasing, acting=OPERATOR, now=NOON))
    await hear(client, db)
    async with reading(http, LIVE.replace("blog", "old-blog")) as reader:
        await reader.next()
        await db.act(partial(post, by=river))
        await hear(client, db)
        told = await reader.next()

    assert told["event"] == "new"


@pytest.mark.parametrize("by_header", [True, False])
async def test_who_comes_back_is_told_what_was_missed(
    db: Database, river: Actor, client: Client, http: httpx.AsyncClient, *, by_header: bool
) -> None:
    async with reading(http) as reader:
        last = (await reader.next())["id"]
    await db.act(partial(post, by=river))
    await hear(client, db)
    headers = {"last-event-id": last} if by_header else {}
    params = {} if by_header else {"last": last}

    async with reading(http, headers=headers, params=params) as reader:
        hello, missed = await reader.next(), await reader.next()

    assert hello["id"] == last
    assert missed["event"] == "new"


async def test_who_was_here_before_a_restart_reads_again(http: httpx.AsyncClient) -> None:
    async with reading(http, headers={"last-event-id": "another.7"}) as reader:
        hello, again = await reader.next(), await reader.next()

    assert "id" not in hello
    assert (again["event"], again["data"]) == ("again", '{"why":"missed"}')


async def test_a_silent_stream_says_that_it_is_there(
    http: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "HEARTBEAT", 0.01)

    async with reading(http) as reader:
        events = [await reader.next() for _ in range(3)]

    assert [(one["event"], "id" in one) for one in events] == [
        ("here", True),
        ("here", False),
        ("here", False),
    ]


async def test_whoever_leaves_is_forgotten(http: httpx.AsyncClient, streams: Streams) -> None:
    async with reading(http) as reader:
        await reader.next()
        assert streams.count == 1

    await until(streams, 0)


async def test_there_is_room_for_so_many(http: httpx.AsyncClient, streams: Streams) -> None:
    async with reading(http) as one, reading(http) as other:
        await one.next()
        await other.next()
        full = await http.get(LIVE)
        streams._each = 9  # noqa: SLF001 as if from other addresses
        async with reading(http) as third:
            await third.next()
            in_all = await http.get(LIVE)
    await until(streams, 0)

    assert (full.status_code, full.json()["type"]) == (429, "/problems/too-many-from-here")
    assert full.headers["retry-after"] == "60"
    assert (in_all.status_code, in_all.json()["type"]) == (503, "/problems/too-many-followers")
    assert 20 <= int(in_all.headers["retry-after"]) < 60


async def test_the_service_says_goodbye(client: Client, http: httpx.AsyncClient) -> None:
    async with reading(http) as reader:
        await reader.next()
        client.app.streams.end()
        bye, rest = await reader.next(), await reader.next()

    assert (bye["event"], bye["data"]) == ("bye", "{}")
    assert 2000 <= int(bye["retry"]) < 6000
    assert rest == {}


async def test_a_reader_who_takes_nothing_in_is_let_go(
    http: httpx.AsyncClient, streams: Streams, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The buffers of both systems are filled by events; then the stream ends for this one alone."""
    monkeypatch.setattr(live, "STALLED", 0.05)
    source, sink = await asyncio.open_connection(http.base_url.host, http.base_url.port, limit=1024)
    sink.write(f"GET {LIVE} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
    await until(streams, 1)
    (stream,) = streams.of_site(NOTEBOOK)
    (slow,) = stream.followers
    async with reading(http) as reader:
        await reader.next()
        while not slow.over:
            streams.record(stream, "new", "x" * 100_000)
            await reader.until("new")
        told = await source.read()
        streams.record(stream, "new", "y")
        still = await reader.until("new")
    sink.close()

    assert b"event: bye" in told[-100:]
    assert still["data"] == '"y"'


async def test_a_site_that_is_not_there(http: httpx.AsyncClient) -> None:
    answer = await http.get("/api/v1/sites/nowhere/threads/a/live")

    assert (answer.status_code, answer.json()["type"]) == (404, "/problems/no-such-site")


@pytest.mark.parametrize(
    ("address", "counts_as"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("testclient", "testclient"),
    ],
)
def test_a_household_is_one_address(address: str, counts_as: str) -> None:
    assert neighbourhood(address) == counts_as
