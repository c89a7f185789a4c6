import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from functools import partial
from typing import Any

import msgspec
import pytest
import sqlalchemy as sa
from litestar import Request, post
from litestar.di import NamedDependency
from litestar.params import JSONBody
from litestar.testing import AsyncTestClient

from gentie.kernel.actor import ANYONE, Actor
from gentie.kernel.clock import Clock
from gentie.storage import outbox
from gentie.storage.db import Database
from gentie.web.app import Application
from gentie.web.once import act_once
from tests.web.build import MEMBER, as_actor, client_for

Client = AsyncTestClient[Application]
NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


class Note(msgspec.Struct):
    text: str


def take_note(tx: sa.Connection, text: str) -> Note:
    outbox.send_on_commit(tx, "note", {"text": text}, due=NOON)
    return Note(f"took {text}")


@post("/notes")
async def take(
    data: JSONBody[Note],
    db: NamedDependency[Database],
    clock: NamedDependency[Clock],
    request: Request[Actor, Any, Any],
) -> Note:
    return await act_once(
        db, partial(take_note, text=data.text), request=request, kind=Note, now=clock()
    )


@pytest.fixture
async def client(db: Database) -> AsyncIterator[Client]:
    async with client_for(db, take, authenticate=as_actor(MEMBER)) as client:
        yield client


async def send(client: Client, key: str | None = "k-1", text: str = "a") -> tuple[int, str]:
    headers = {} if key is None else {"idempotency-key": key}
    answer = await client.post("/notes", json={"text": text}, headers=headers)
    return answer.status_code, answer.json().get("text") or answer.json()["title"]


async def taken(db: Database) -> int:
    return (await db.read(outbox.backlog)).waiting


async def test_a_repetition_has_one_effect_and_the_same_answer(
    client: Client, db: Database
) -> None:
    answers = await asyncio.gather(*(send(client) for _ in range(50)))

    assert set(answers) == {(201, "took a")}
    assert await taken(db) == 1


async def test_another_body_under_the_same_key_is_refused(client: Client, db: Database) -> None:
    await send(client)

    assert await send(client, text="b") == (422, "idempotency-key-reused")
    assert await taken(db) == 1


async def test_without_a_key_each_request_counts(client: Client, db: Database) -> None:
    await send(client, key=None)
    await send(client, key=None)

    assert await taken(db) == 2


@pytest.mark.parametrize("key", ["", "k" * 256])
async def test_a_key_that_cannot_be_one_is_refused(client: Client, key: str) -> None:
    assert await send(client, key=key) == (400, "bad-idempotency-key")


async def test_strangers_need_keys_that_nobody_hits_on(sqlite_db: Database) -> None:
    async with client_for(sqlite_db, take, authenticate=as_actor(ANYONE)) as client:
        assert await send(client, key="1") == (400, "bad-idempotency-key")
        assert await send(client, key="5d0c6f0a-8a34-4a9b") == (201, "took a")
