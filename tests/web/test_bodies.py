"""A body is what the description says, scalar by scalar."""

from collections.abc import AsyncIterator
from datetime import date, datetime
from enum import IntEnum, StrEnum
from typing import Annotated, Any, Literal

import msgspec
import pytest
from litestar import post
from litestar.params import JSONBody
from litestar.testing import AsyncTestClient

from gentie.storage.db import Database
from gentie.web.app import Application
from tests.web.build import client_for

JSON = {"content-type": "application/json"}
Client = AsyncTestClient[Application]


class Colour(StrEnum):
    RED = "red"


class Level(IntEnum):
    LOW = 1


class Inner(msgspec.Struct, forbid_unknown_fields=True):
    count: int


class Lax(msgspec.Struct):
    count: int


class Each(msgspec.Struct, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    flag: bool = False
    whole: int = 0
    some: float = 0.0
    text: str = ""
    maybe: int | None = None
    colour: Colour = Colour.RED
    level: Level = Level.LOW
    word: Literal["a", "b"] = "a"
    number: Literal[0, 1] = 0
    at: datetime | None = None
    day: date | None = None
    short: Annotated[str, msgspec.Meta(max_length=3)] = ""
    inner: Inner | None = None
    many: list[int] = []
    table: dict[str, int] = {}
    inners: list[Inner] = []
    lax: Lax | None = None


@post("/api/v1/each", status_code=200)
async def take(data: JSONBody[Each]) -> Each:
    return data


@pytest.fixture
async def client(sqlite_db: Database) -> AsyncIterator[Client]:
    async with client_for(sqlite_db, take) as client:
        yield client


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        *(("flag", wrong) for wrong in (0, 1, "true", "1", "", None)),
        *(("whole", wrong) for wrong in ("1", True, 1.5, None, "")),
        *(("some", wrong) for wrong in ("1.5", True, None)),
        *(("text", wrong) for wrong in (1, True, 1.5, None)),
        *(("maybe", wrong) for wrong in ("null", "1", True, "")),
        *(("colour", wrong) for wrong in ("blue", 1, True, None)),
        *(("level", wrong) for wrong in ("1", 2, True)),
        *(("word", wrong) for wrong in ("c", 1)),
        *(("number", wrong) for wrong in ("1", True, 2)),
        *(("at", wrong) for wrong in (1, "1", "soon")),
        *(("day", wrong) for wrong in (1, "2026-13-01")),
        *(("short", wrong) for wrong in ("long", 1)),
    ],
)
async def test_nothing_is_taken_for_something_else(
    client: Client, field: str, wrong: object
) -> None:
    answer = await client.post("/api/v1/each", json={field: wrong})

    assert (answer.status_code, answer.json()["title"]) == (422, "invalid"), answer.text
    assert [one["field"] for one in answer.json()["faults"]] == [field]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"inner": {"count": "1"}}, "inner.count"),
        ({"many": [1, "2"]}, "many[1]"),
        ({"table": {"a": True}}, "table[...]"),
        ([], ""),
        ("text", ""),
        (None, ""),
    ],
)
async def test_says_where(client: Client, body: object, field: str) -> None:
    answer = await client.post("/api/v1/each", content=msgspec.json.encode(body), headers=JSON)

    assert (answer.status_code, answer.json()["title"]) == (422, "invalid"), answer.text
    assert [one["field"] for one in answer.json()["faults"]] == [field]


async def test_what_is_right_arrives(client: Client) -> None:
    body: dict[str, Any] = {
        "flag": True,
        "whole": 7,
        "some": 1.5,
        "text": "1",
        "maybe": 3,
        "word": "b",
        "number": 1,
        "at": "2026-03-01T12:00:00Z",
        "day": "2026-03-01",
        "short": "abc",
        "inner": {"count": 1},
        "many": [1, 2],
        "table": {"a": 1},
    }

    answer = await client.post("/api/v1/each", json=body)

    assert (answer.status_code, answer.json()) == (200, body)


@pytest.mark.clause("2017-5.2b")
async def test_every_surplus_field_is_named_and_counted(client: Client) -> None:
    """At any depth, but where a shape takes what it does not know. Their names go nowhere else."""
    body = {"shoe": 1, "inner": {"count": 1, "size": 2}, "inners": [{"count": 1}, {"colour": 3}]}
    answer = await client.post("/api/v1/each", json=body | {"lax": {"count": 1, "more": 2}})

    named = [one["field"] for one in answer.json()["faults"]]
    assert named == ["shoe", "inner.size", "inners[1].colour"]
    counted = client.app.services.registry.get_sample_value
    assert counted("gentie_surplus_fields_total", {"route": "/api/v1/each"}) == 3
