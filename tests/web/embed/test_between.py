"""Boundaries, history and previews over HTTP, from the page of another site too."""

import hashlib
from collections.abc import AsyncIterator
from functools import partial
from typing import Any

import pytest

from gentie.actions.moderation.remove_comment import Removal, remove_comment
from gentie.actions.moderation.reverse_decision import reverse_decision
from gentie.decisions.model import Source
from gentie.decisions.queries import decisions_on
from gentie.kernel.ids import CommentRef
from gentie.storage.db import Database
from tests.newsroom import ANN, CLEO, NOON, a_person, staff
from tests.web.embed.build import Client, People, a_client, open_sites

API = "/api/v1"
BLOG = f"{API}/sites/notebook/threads/blog"
Headers = dict[str, str]


@pytest.fixture
def people() -> People:
    return People()


@pytest.fixture
async def client(sqlite_db: Database, people: People) -> AsyncIterator[Client]:
    await open_sites(sqlite_db)
    async with a_client(sqlite_db, people) as client:
        yield client


@pytest.fixture
async def river(sqlite_db: Database, people: People, client: Client) -> Headers:
    return people.add("river", await sqlite_db.act(a_person))


@pytest.fixture
async def lake(sqlite_db: Database, people: People, client: Client) -> Headers:
    return people.add("lake", await sqlite_db.act(partial(a_person, name="Lake")))


async def said(client: Client, who: Headers, text: str, parent: str | None = None) -> str:
    body = {"text": text} | ({"parent": parent} if parent else {})
    answer = await client.post(f"{BLOG}/comments", json=body, headers=who)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


async def asked(
    client: Client, who: Headers, method: str, path: str, body: object = None
) -> tuple[int, Any]:
    answer = await client.request(method, f"{API}{path}", json=body, headers=who)
    return answer.status_code, answer.json() if answer.content else None


class TestBetween:
    async def test_who_is_blocked_hears_one_code(
        self, client: Client, river: Headers, lake: Headers
    ) -> None:
        mine = await said(client, river, "Mine.")
        theirs = await said(client, lake, "Theirs.", mine)
        path = f"/comments/{theirs}/person"

        assert await asked(client, river, "PUT", path, {"keep": "blocked"}) == (
            200,
            {"name": "Lake", "keep": "blocked"},
        )
        body = {"text": "Again.", "parent": mine}
        answer = await client.post(f"{BLOG}/comments", json=body, headers=lake)
        assert (answer.status_code, answer.json()["title"]) == (403, "replies-limited")
        assert set(answer.json()) == {"type", "title", "status", "detail"}
        overlay = (await client.get(f"{BLOG}/mine", headers=river)).json()
        assert overlay["folded"] == [{"id": theirs, "why": "blocked"}]
        page = (await client.get(f"{BLOG}/comments")).json()
        assert page["comments"][0]["replies"][0]["id"] == theirs

        status, listed = await asked(client, river, "GET", "/me/boundaries")
        person = listed["people"][0]
        assert (status, person["name"]) == (200, "Lake")
        assert (await asked(client, river, "DELETE", f"/me/people/{person['id']}"))[0] == 204
        assert (await asked(client, river, "DELETE", f"/me/people/{person['id']}"))[0] == 409
        await said(client, lake, "Again.", mine)

    async def test_replies_are_limited(self, client: Client, river: Headers, lake: Headers) -> None:
        mine = await said(client, river, "Mine.")
        path = f"/comments/{mine}/replies"

        assert await asked(client, river, "PUT", path, {"from": "nobody"}) == (
            200,
            {"from": "nobody"},
        )
        assert (await asked(client, lake, "PUT", path, {"from": "nobody"}))[0] == 403
        assert (await asked(client, river, "PUT", path, {"from": "some"}))[0] == 422
        assert (await client.get(f"{BLOG}/mine", headers=river)).json()["limits"] == {
            mine: "nobody"
        }
        assert (await asked(client, river, "PUT", path, {"from": "default"}))[0] == 200
        await asked(client, river, "PUT", "/me/boundaries", {"replies_from": "known"})
        overlay = (await client.get(f"{BLOG}/mine", headers=river)).json()
        assert (overlay["limits"], overlay["replies_from"]) == ({}, "known")

    async def test_protection_takes_one_touch_and_saves_what_is_there(
        self, client: Client, river: Headers, lake: Headers
    ) -> None:
        mine = await said(client, river, "Mine.")
        reply = await said(client, lake, "Go away.", mine)
        path = "/sites/notebook/protection"

        status, made = await asked(client, river, "POST", path, {"hours": 24})
        assert (status, made["until"]) == (201, "2026-03-02T12:00:00Z")
        saved = f"{API}/me/evidence/{made['evidence']['id']}"
        bundle = await client.get(saved, headers=river)
        assert hashlib.sha256(bundle.content).hexdigest() == made["evidence"]["sha256"]
        assert [one["id"] for one in bundle.json()["items"]] == [reply]
        assert (await client.get(saved, headers=lake)).status_code == 404
        overlay = (await client.get(f"{BLOG}/mine", headers=river)).json()
        assert overlay["folded"] == [{"id": reply, "why": "protected"}]
        assert overlay["hide_votes"]

        report = {"subject": reply, "class": "abuse", "evidence": made["evidence"]["id"]}
        assert (await asked(client, lake, "POST", "/reports", report))[0] == 404
        assert (await asked(client, river, "POST", "/reports", report))[0] == 201
        assert (await asked(client, river, "DELETE", path))[0] == 204
        assert (await client.delete(saved, headers=river)).status_code == 204
        assert (await asked(client, river, "POST", path, {"hours": 9999}))[0] == 422

    @pytest.mark.parametrize(
        ("method", "path", "body"),
        [
            ("PUT", "/comments/x/person", {"keep": "muted"}),
            ("PUT", "/comments/x/replies", {"from": "nobody"}),
            ("POST", "/sites/notebook/protection", {"hours": 1}),
            ("DELETE", "/sites/notebook/protection", None),
            ("GET", "/me/boundaries", None),
            ("PUT", "/me/boundaries", {"replies_from": "nobody"}),
            ("DELETE", "/me/people/x", None),
            ("GET", "/me/evidence/1", None),
            ("DELETE", "/me/evidence/1", None),
        ],
    )
    async def test_a_stranger_signs_in_first(
        self, client: Client, method: str, path: str, body: object
    ) -> None:
        assert (await asked(client, {}, method, path, body))[0] == 401


class TestHistory:
    async def test_shows_what_was_public_before(self, client: Client, river: Headers) -> None:
        mine = await said(client, river, "First words.")
        await asked(client, river, "PATCH", f"/comments/{mine}", {"text": "Second **words**."})

        status, found = await asked(client, {}, "GET", f"/comments/{mine}/history")

        texts = [one["text"] for one in found["revisions"]]
        assert (status, texts) == (200, ["First words.", "Second words."])
        assert "<strong>" in found["revisions"][1]["html"]

    async def test_shows_nothing_of_what_was_taken_down(
        self, client: Client, river: Headers, sqlite_db: Database
    ) -> None:
        mine = await said(client, river, "First words.")
        [moderator] = await sqlite_db.act(lambda tx: staff(tx, ANN))
        removal = Removal(class_id="abuse", facts="Seen.", message="No.")
        removing = partial(remove_comment, ref=CommentRef.parse(mine), removal=removal)
        await sqlite_db.act(partial(removing, acting=moderator, now=NOON))

        assert (await asked(client, {}, "GET", f"/comments/{mine}/history"))[0] == 404
        assert (await asked(client, {}, "GET", "/comments/x/history"))[0] == 404

    async def test_leaves_out_what_was_called_back(
        self, client: Client, river: Headers, sqlite_db: Database
    ) -> None:
        mine = await said(client, river, "First words.")
        path = f"/comments/{mine}"
        await asked(client, river, "PATCH", path, {"text": "Second words."})
        ref = CommentRef.parse(mine)
        decided = await sqlite_db.read(
            partial(decisions_on, thread=ref.thread, comment=ref.comment)
        )
        [editor] = await sqlite_db.act(lambda tx: staff(tx, CLEO))
        calling = partial(reverse_decision, decision=decided[-1].decision.id, source=Source.PATROL)
        await sqlite_db.act(partial(calling, acting=editor, now=NOON))
        assert (await asked(client, {}, "GET", f"{path}/history"))[0] == 404
        await asked(client, river, "PATCH", path, {"text": "Third words."})

        _, found = await asked(client, {}, "GET", f"{path}/history")
        assert [one["text"] for one in found["revisions"]] == ["First words.", "Third words."]


class TestPreview:
    async def test_is_what_would_be_shown(self, client: Client) -> None:
        status, shown = await asked(
            client, {}, "POST", "/sites/notebook/preview", {"text": "A **word** <b>."}
        )

        assert (status, shown["text"]) == (200, "A word <b>.")
        assert shown["html"] == "<p>A <strong>word</strong> &lt;b&gt;.</p>"
        assert shown["body"][0]["type"] == "paragraph"

    @pytest.mark.parametrize(
        ("site", "text", "status"),
        [("notebook", "", 422), ("notebook", "x" * 100_001, 422), ("nowhere", "Hm.", 404)],
    )
    async def test_says_what_is_wrong(
        self, client: Client, site: str, text: str, status: int
    ) -> None:
        path = f"/sites/{site}/preview"
        assert (await asked(client, {}, "POST", path, {"text": text}))[0] == status
