"""Writing over HTTP: what happens to a comment, each gate, and sending the same twice."""

from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
import pytest
import sqlalchemy as sa

from gentie.accounts.model import AccountState
from gentie.accounts.store import set_state
from gentie.actions.operations.set_switch import SwitchWanted, set_switch
from gentie.assessments.tables import features
from gentie.comments.tables import comments
from gentie.sites.model import SwitchKind
from gentie.storage.db import Database
from gentie.storage.outbox import Message, take
from gentie.vault.keys import load_private_key, load_public_key, make_seal_keys
from gentie.vault.model import NETWORK_TOPIC, SealedRecord
from gentie.vault.opening import open_record
from gentie.vault.sealing import NetworkSealer
from gentie.web.embed.writing import RATES
from gentie.web.network import Network
from tests.newsroom import ANN, CLEO, NOON, NOTEBOOK, a_person, staff
from tests.web.embed.build import Client, People, a_client, count, open_sites

BLOG = "/api/v1/sites/notebook/threads/blog/comments"
NEWS = "/api/v1/sites/daily/threads/article/comments"
Headers = dict[str, str]


@pytest.fixture
def people() -> People:
    return People()


@pytest.fixture
async def river(sqlite_db: Database, people: People) -> Headers:
    """A verified person who has accepted every agreement."""
    await open_sites(sqlite_db)
    return people.add("river", await sqlite_db.act(a_person))


@pytest.fixture
async def client(sqlite_db: Database, people: People, river: Headers) -> AsyncIterator[Client]:
    async with a_client(sqlite_db, people) as client:
        yield client


async def send(
    client: Client, who: Headers, path: str = BLOG, method: str = "POST", **body: Any
) -> tuple[int, dict[str, Any]]:
    answer = await client.request(method, path, json=body or {"text": "A kind word."}, headers=who)
    return answer.status_code, answer.json()


class TestSubmit:
    @pytest.mark.clause("2017-2.1", "2022-2.2")
    async def test_what_passes_is_public_at_once(self, client: Client, river: Headers) -> None:
        status, made = await send(client, river)

        assert (status, made["state"], made["revision"]) == (201, "published", 1)
        assert len(made["receipt"]) == 22
        assert "reasons" not in made
        page = (await client.get(BLOG)).json()
        assert [one["id"] for one in page["comments"]] == [made["id"]]

    @pytest.mark.clause("2022f-4.3")
    async def test_news_waits_for_a_person(self, client: Client, river: Headers) -> None:
        status, made = await send(client, river, NEWS)

        assert (status, made["state"]) == (201, "held")
        assert (await client.get(NEWS)).json()["comments"] == []

    async def test_an_answer_stands_under_what_it_answers(
        self, client: Client, river: Headers
    ) -> None:
        _, root = await send(client, river)
        _, made = await send(client, river, text="Indeed.", parent=root["id"])

        (shown,) = (await client.get(BLOG)).json()["comments"]
        assert [one["id"] for one in shown["replies"]] == [made["id"]]
        assert shown["replies"][0]["parent"] == root["id"]

    async def test_the_same_request_twice_is_one_comment(
        self, client: Client, river: Headers, sqlite_db: Database
    ) -> None:
        keyed = {**river, "idempotency-key": "k-1"}
        first, again = [await send(client, keyed) for _ in range(2)]
        status, other = await send(client, keyed, text="Something else.")

        assert first == again
        assert (status, other["type"]) == (422, "/problems/idempotency-key-reused")
        assert await sqlite_db.read(partial(count, table=comments)) == 1


class TestGates:
    async def test_a_stranger_is_asked_to_sign_in(self, client: Client) -> None:
        status, no = await send(client, {})

        assert (status, no["type"]) == (401, "/problems/not-signed-in")

    @pytest.mark.clause("2017-5.1c", "2022-4.1c")
    @pytest.mark.parametrize(
        ("person", "code"),
        [
            ({"verified": False}, "identity-required"),
            ({"regimes": ()}, "agreement-required"),
        ],
    )
    async def test_who_lacks_something_hears_what(
        self,
        client: Client,
        sqlite_db: Database,
        people: People,
        person: dict[str, Any],
        code: str,
    ) -> None:
        reed = people.add("reed", await sqlite_db.act(partial(a_person, name="Reed", **person)))

        status, no = await send(client, reed, NEWS)

        assert (status, no["type"]) == (403, f"/problems/{code}")

    async def test_a_closed_account(
        self, client: Client, river: Headers, sqlite_db: Database, people: People
    ) -> None:
        account = people.known["river"].account
        close = partial(set_state, account=account, state=AccountState.CLOSED)
        await sqlite_db.act(close)

        assert (await send(client, river))[1]["type"] == "/problems/account-closed"

    async def test_a_function_that_is_not_online(
        self, client: Client, river: Headers, sqlite_db: Database
    ) -> None:
        await sqlite_db.act(lambda tx: tx.execute(sa.delete(features)))

        assert (await send(client, river))[1]["type"] == "/problems/feature-offline"

    async def test_read_only_says_why_and_until_when(
        self, client: Client, river: Headers, sqlite_db: Database
    ) -> None:
        await sqlite_db.act(read_only)

        status, no = await send(client, river)

        assert (status, no["type"]) == (403, "/problems/read-only")
        assert no["reason"] == "Moving house"

    async def test_too_many(self, client: Client, river: Headers) -> None:
        limit = RATES["post"][1]
        answers = [await send(client, river, text="") for _ in range(limit + 1)]

        assert {status for status, _ in answers[:-1]} == {422}
        assert answers[-1][0] == 429
        assert answers[-1][1]["retry_after"] >= 1

    async def test_staff_do_not_comment(
        self, client: Client, sqlite_db: Database, people: People
    ) -> None:
        ann = people.add("ann", (await sqlite_db.act(lambda tx: staff(tx, ANN)))[0])

        assert (await send(client, ann))[0] == 403


class TestAfterwards:
    async def test_edit_shows_the_new_text(self, client: Client, river: Headers) -> None:
        _, made = await send(client, river)
        status, edited = await send(
            client, river, f"/api/v1/comments/{made['id']}", "PATCH", text="A kinder word."
        )

        assert (status, edited["state"], edited["revision"]) == (200, "published", 2)

    async def test_withdraw_leaves_nothing(self, client: Client, river: Headers) -> None:
        _, made = await send(client, river)
        path = f"/api/v1/comments/{made['id']}"
        gone = await client.delete(path, headers=river)
        again = await client.delete(path, headers=river)

        assert (gone.status_code, gone.json()["state"]) == (200, "withdrawn")
        assert (again.status_code, again.json()["type"]) == (409, "/problems/wrong-state")

    @pytest.mark.clause("2022f-2")
    async def test_a_vote_counts_once_and_goes_back(
        self, client: Client, river: Headers, sqlite_db: Database, people: People
    ) -> None:
        reed = people.add("reed", await sqlite_db.act(partial(a_person, name="Reed")))
        _, made = await send(client, river)
        path = f"/api/v1/comments/{made['id']}/vote"

        votes = [await send(client, reed, path, "PUT", value=value) for value in (1, 1, 0)]
        _, own = await send(client, river, path, "PUT", value=1)

        assert [said["votes"] for _, said in votes] == [1, 1, 0]
        assert own["type"] == "/problems/own-comment"

    async def test_only_the_author(
        self, client: Client, river: Headers, sqlite_db: Database, people: People
    ) -> None:
        reed = people.add("reed", await sqlite_db.act(partial(a_person, name="Reed")))
        _, made = await send(client, river)

        status, no = await send(
            client, reed, f"/api/v1/comments/{made['id']}", "PATCH", text="Mine now."
        )

        assert (status, no["type"]) == (403, "/problems/not-the-author")


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b'{"text":', 400, "malformed"),
        (b"[]", 422, "invalid"),
        (b'{"text":"a","more":1}', 422, "invalid"),
        (b'{"text":1}', 422, "invalid"),
        (b'{"text":"a","lang":"<script>"}', 422, "invalid"),
        (b'{"text":"\\ud800"}', 400, "malformed"),
        (b'{"text":"\\u0000"}', 422, "bad-text"),
        (b'{"text":"\\u202e\\u200b"}', 422, "text-empty"),
        (b'{"text":" "}', 422, "text-empty"),
        (b'{"text":"' + b"a" * 70_000 + b'"}', 422, "text-too-long"),
        (b'{"text":"' + b"a" * 1_048_576 + b'"}', 413, "too-large"),
        (b'{"text":"a","parent":"rubbish"}', 404, "no-such-comment"),
        (b'{"text":"a","parent":"AAAAAAAAAAAAAAAAAAAAAQ"}', 404, "no-such-parent"),
        (b'{"text":"a","attachments":["x"]}', 403, "feature-offline"),
    ],
)
async def test_rubbish_is_refused_and_changes_nothing(
    client: Client, river: Headers, sqlite_db: Database, body: bytes, status: int, code: str
) -> None:
    headers = {**river, "content-type": "application/json"}
    answer = await client.post(BLOG, content=body, headers=headers)

    assert (answer.status_code, answer.json()["type"]) == (status, f"/problems/{code}")
    assert await sqlite_db.read(partial(count, table=comments)) == 0


async def test_marks_piled_up_are_cut_down(client: Client, river: Headers) -> None:
    _, made = await send(client, river, text="a" + "\u0301" * 10_000)

    assert made["state"] in {"published", "held"}
    (shown,) = (await client.get(BLOG)).json()["comments"]
    assert len(shown["text"]) < 12


async def test_pages_of_another_origin_may_not(client: Client, river: Headers) -> None:
    status, no = await send(client, {**river, "origin": "https://evil.example"})

    assert (status, no["type"]) == (403, "/problems/foreign-origin")


@pytest.mark.clause("2017-5.2b")
async def test_where_it_came_from_is_sealed_on_the_way_to_the_vault(
    sqlite_db: Database, people: People, river: Headers, tmp_path: Path
) -> None:
    make_seal_keys(tmp_path / "public", tmp_path / "private")
    sealer = NetworkSealer(load_public_key(tmp_path / "public"), tenant="news")
    network = Network(sealer, key=b"k" * 32)
    async with a_client(sqlite_db, people, network=network) as client:
        _, made = await send(client, river)
    (sent,) = [one for one in await sqlite_db.act(waiting) if one.topic == NETWORK_TOPIC]
    record = SealedRecord.of_message(sent.body)

    assert record.subject == made["id"]
    private = load_private_key(tmp_path / "private")
    opened = open_record(record.blob, private, tenant="news", reference=record.reference)
    assert opened.address == "testclient"
    assert b"testclient" not in msgspec.json.encode(sent)


def waiting(tx: sa.Connection) -> list[Message]:
    return take(tx, now=NOON)


def read_only(tx: sa.Connection) -> None:
    (cleo,) = staff(tx, CLEO)
    wanted = SwitchWanted(
        site=NOTEBOOK,
        thread=None,
        kind=SwitchKind.READ_ONLY,
        reason="Moving house",
        until=NOON.replace(day=2),
    )
    set_switch(tx, wanted, acting=cleo, now=NOON)
