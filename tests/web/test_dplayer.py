"""DPlayer's protocol: who sends is the token's holder, and no text becomes markup."""

from collections.abc import AsyncIterator
from functools import partial
from typing import Any

import pytest

from gentie.kernel.actor import Actor
from gentie.storage.db import Database
from gentie.web.dplayer import routes as dplayer
from tests.danmaku.build import a_film, a_line
from tests.newsroom import a_person
from tests.web.embed.build import Client, People, a_client, open_sites

DPLAYER = "/dplayer/v3/"
LINE = {"token": "river", "id": "notebook:film", "author": "Somebody Else", "time": 61.5}
LINE |= {"text": "Here it comes", "color": 0x0000FF, "type": 1}


@pytest.fixture
async def river(sqlite_db: Database) -> Actor:
    await open_sites(sqlite_db)
    await sqlite_db.act(a_film)
    return await sqlite_db.act(partial(a_person, name="River & Sea"))


@pytest.fixture
async def client(sqlite_db: Database, river: Actor) -> AsyncIterator[Client]:
    people = People()
    people.add("river", river)
    async with a_client(sqlite_db, people, *dplayer) as client:
        yield client


async def send(client: Client, **body: Any) -> Any:
    answer = await client.post(DPLAYER, json={**LINE, **body})
    assert answer.status_code == 200, answer.text
    return answer.json()


async def read(client: Client, **query: Any) -> list[list[Any]]:
    answer = await client.get(DPLAYER, params={"id": "notebook:film", **query})
    told = answer.json()
    assert told["code"] == 0
    return list(told["data"])


async def test_what_is_sent_comes_back_under_the_name_of_who_sent_it(client: Client) -> None:
    assert await send(client) == {"code": 0}

    ((seconds, kind, colour, author, text),) = await read(client)
    assert (seconds, kind, author, text) == (61.5, 1, "River &amp; Sea", "Here it comes")
    assert len(f"{colour:x}") == 6


async def test_no_text_becomes_markup(client: Client) -> None:
    await send(client, text="<img src=x onerror=alert(1)>")

    ((*_, text),) = await read(client)
    assert text == "&lt;img src=x onerror=alert(1)&gt;"


async def test_only_the_token_says_who_it_is(client: Client) -> None:
    headers = {"authorization": "Bearer river", "accept-language": "en"}
    for token in ("", "nobody"):
        answer = await client.post(DPLAYER, json={**LINE, "token": token}, headers=headers)
        assert answer.json() == {"code": 1, "msg": "Sign in first."}
    assert await read(client) == []


async def test_a_no_is_told_to_the_reader(client: Client) -> None:
    for wrong in ({"id": "notebook:blog"}, {"id": "nowhere:film"}, {"id": "x"}, {"text": " "}):
        told = await send(client, **wrong)
        assert (told["code"], bool(told["msg"])) == (1, True)


async def test_a_player_gets_no_more_than_it_asks_for(
    client: Client, sqlite_db: Database, river: Actor
) -> None:
    for n in range(6):
        await sqlite_db.act(partial(a_line, by=river, t_ms=n * 1000))

    some, every = await read(client, max=3), await read(client)
    assert (len(some), len(every)) == (3, 6)
    assert [one for one in every if one in some] == some
    assert await read(client, id="notebook:nobody") == []
