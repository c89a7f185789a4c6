"""The moderation API over HTTP: every route, who gets in, and what is said when it is no."""

from datetime import timedelta
from functools import partial
from typing import Any

import pytest
import sqlalchemy as sa

from gentie.accounts.store import revoke_verifications
from gentie.comments.model import State
from gentie.comments.queries import get
from gentie.decisions.queries import decisions_on, notices_of
from gentie.kernel.ids import CommentRef
from gentie.sites.queries import all_switches_of, find_thread
from gentie.storage.db import Database
from tests.newsroom import DAILY, NOON
from tests.web.console.build import SPAM, Client, Room, desk_of

API = "/api/v1/moderation"
BEN, CLEO, AUTHOR, STRANGER = ({"x-who": who} for who in ("ben", "cleo", "author", ""))


async def claim(client: Client, item: str) -> int:
    answer = await client.post(f"{API}/items/{item}/claim")
    assert answer.status_code == 200, answer.text
    return int(answer.json()["version"])


async def decide(client: Client, item: str, measure: str, **more: Any) -> tuple[int, Any]:
    body = {"measure": measure, "version": await claim(client, item), **more}
    answer = await client.post(f"{API}/items/{item}/decide", json=body)
    return answer.status_code, answer.json()


async def state_of(db: Database, comment: str) -> State:
    return (await db.read(partial(get, ref=CommentRef.parse(comment)))).state


@pytest.mark.clause("2017-5.5a")
class TestQueue:
    async def test_is_oldest_first_with_what_was_found(self, db: Database, room: Room) -> None:
        async with desk_of(db, room) as client:
            await claim(client, room.items[0])
            queue = (await client.get(f"{API}/queue", params={"site": "daily"})).json()

        assert queue["waiting"] == 2
        assert [item["text"] for item in queue["items"]] == ["Buy at my shop", "Are bikes allowed?"]
        assert [item["hold"] for item in queue["items"]] == ["mine", ""]
        first = queue["items"][0]
        assert (first["author"], first["title"], first["site"]) == ("River", "Article", "daily")
        assert first["findings"][0]["class"] == "spam"
        assert first["findings"][0]["quote"] == "B"

    async def test_names_nobody(self, db: Database, room: Room) -> None:
        async with desk_of(db, room) as client:
            raw = (await client.get(f"{API}/queue")).text

        assert room.author.id not in raw
        assert "person of" not in raw

    async def test_of_another_site_is_empty(self, db: Database, room: Room) -> None:
        async with desk_of(db, room) as client:
            queue = (await client.get(f"{API}/queue", params={"site": "notebook"})).json()

        assert (queue["waiting"], queue["items"]) == (0, [])

    @pytest.mark.parametrize("who", [AUTHOR, STRANGER])
    async def test_is_not_for_everybody(
        self, db: Database, room: Room, who: dict[str, str]
    ) -> None:
        async with desk_of(db, room) as client:
            answer = await client.get(f"{API}/queue", headers=who)

        assert (answer.status_code, answer.json()["title"]) == (403, "may-not")


@pytest.mark.clause("2017-5.5a")
class TestItems:
    async def test_one_works_on_it_and_the_other_is_told(self, db: Database, room: Room) -> None:
        item = room.items[0]
        async with desk_of(db, room) as client:
            version = await claim(client, item)
            taken = await client.post(f"{API}/items/{item}/claim", headers=BEN)
            await client.post(
                f"{API}/items/{item}/decide", json={"measure": "publish", "version": version}
            )
            late = await client.post(f"{API}/items/{item}/claim", headers=BEN)

        assert (taken.status_code, taken.json()["title"]) == (409, "item-taken")
        told = late.json()
        assert (late.status_code, told["title"]) == (409, "item-decided")
        assert (told["role"], told["measure"]) == ("moderator", "publish")

    async def test_released_is_free_for_others(self, db: Database, room: Room) -> None:
        item = room.items[0]
        async with desk_of(db, room) as client:
            await claim(client, item)
            released = await client.post(f"{API}/items/{item}/release")
            taken = await client.post(f"{API}/items/{item}/claim", headers=BEN)

        assert (released.status_code, taken.status_code) == (204, 200)

    async def test_publishes_at_once(self, db: Database, room: Room) -> None:
        async with desk_of(db, room) as client:
            status, decided = await decide(client, room.items[0], "publish")

        assert (status, decided["outcome"]) == (200, "published")
        assert await state_of(db, room.first.id) is State.PUBLISHED

    async def test_refuses_after_ten_seconds_unless_undone(self, db: Database, room: Room) -> None:
        item = room.items[0]
        async with desk_of(db, room) as client:
            status, decided = await decide(client, item, "refuse", **SPAM, clause="3.4")
            undone = await client.post(f"{API}/items/{item}/undo")
            again = await client.post(f"{API}/items/{item}/undo")

        assert (status, decided["outcome"]) == (200, "refusing")
        assert decided["effect_at"] == "2026-03-01T12:00:10Z"
        assert undone.status_code == 200
        assert (again.status_code, again.json()["title"]) == (409, "too-late-to-undo")

    async def test_refusing_needs_a_ground(self, db: Database, room: Room) -> None:
        said: dict[str, list[dict[str, Any]]] = {
            "no-such-class": [{"class": "other"}, {"clause": "9.9"}],
            "needs-reason": [{"message": " "}, {"facts": ""}, {"class": ""}],
            "invalid": [{"measure": "remove"}, {"measure": "restore"}, {"forever": True}],
        }
        async with desk_of(db, room) as client:
            version = await claim(client, room.items[0])
            for code, changes in said.items():
                for change in changes:
                    body = {"measure": "refuse", "version": version, **SPAM, **change}
                    answer = await client.post(f"{API}/items/{room.items[0]}/decide", json=body)
                    assert (answer.status_code, answer.json()["title"]) == (422, code), change

        assert await state_of(db, room.first.id) is State.HELD

    @pytest.mark.clause("2017-5.1c", "2022-4.1c")
    async def test_a_blocked_publication_is_a_problem_and_the_notice_stands(
        self, db: Database, room: Room
    ) -> None:
        author = room.author.account
        await db.act(partial(revoke_verifications, account=author, why="issuer", now=NOON))
        async with desk_of(db, room) as client:
            status, told = await decide(client, room.items[0], "publish")

        assert (status, told["title"]) == (409, "author-not-verified")
        assert told["reason"] == "identity-revoked"
        notices = await db.read(partial(notices_of, account=author))
        assert [notice.kind for notice in notices] == ["blocked"]
        assert await state_of(db, room.first.id) is State.HELD

    async def test_a_stale_version_is_refused(self, db: Database, room: Room) -> None:
        async with desk_of(db, room) as client:
            version = await claim(client, room.items[0])
            body = {"measure": "publish", "version": version - 1}
            answer = await client.post(f"{API}/items/{room.items[0]}/decide", json=body)

        assert (answer.status_code, answer.json()["title"]) == (409, "item-changed")


NOBODY_MADE = ("0", "x", "-1", "9" * 30, "1" * 400, "%E2%91%A0")


async def test_what_nobody_made_is_not_there(db: Database, room: Room) -> None:
    places = {
        "no-such-item": [("POST", f"items/{{}}/{verb}") for verb in ("claim", "release", "undo")],
        "no-such-decision": [("POST", "decisions/{}/reverse")],
        "no-such-switch": [("DELETE", "switches/{}")],
        "no-such-thread": [("PUT", "threads/{}/class")],
        "no-such-comment": [("POST", "comments/{}/remove")],
    }
    bodies = {"threads/{}/class": {"class": "blog", "mode": "pre", "reason": "x"}}
    bodies["comments/{}/remove"] = SPAM
    async with desk_of(db, room) as client:
        for code, routes in places.items():
            for method, path in routes:
                for bad in NOBODY_MADE:
                    url, body = f"{API}/{path.format(bad)}", bodies.get(path, {})
                    answer = await client.request(method, url, json=body, headers=CLEO)
                    assert (answer.status_code, answer.json()["title"]) == (404, code), url


async def test_rubbish_is_turned_away_and_changes_nothing(db: Database, room: Room) -> None:
    until = (NOON + timedelta(hours=2)).isoformat()
    switch = {"site": "daily", "kind": "hold_all", "reason": "x", "until": until}
    async with desk_of(db, room) as client:
        version = await claim(client, room.items[0])
        decide = f"{API}/items/{room.items[0]}/decide"
        told = [
            await client.post(decide, content=body)
            for body in (
                b"{",
                b"[]",
                b"[" * 100_000,
                b'{"measure": "refuse", "version": 1e400}',
                b'{"measure": "refuse", "version": 1, "facts": "\\ud800"}',
                b'{"measure": "refuse", "version": 1, "facts": "\\u0000"}',
                b'{"measure": "refuse", "version": 1, "facts": "' + b"x" * 5000 + b'"}',
                b"\xff\xfe",
            )
        ]
        told += [
            await client.post(f"{API}/switches", json={**switch, **change}, headers=CLEO)
            for change in ({"reason": "\0"}, {"thread": "\0"}, {"until": "soon"}, {"kind": "x"})
        ]
        told.append(await client.get(f"{API}/queue", params={"site": "\0"}))
        still = await claim(client, room.items[0])

    assert {one.status_code for one in told} <= {400, 404, 422}
    assert still == version


@pytest.mark.clause("2017-5.5d", "2017-7.1a", "2017-8.c")
class TestRemoval:
    async def test_removes_and_reverses(self, db: Database, room: Room) -> None:
        ref = room.first.id
        async with desk_of(db, room) as client:
            await decide(client, room.items[0], "publish")
            removed = await client.post(f"{API}/comments/{ref}/remove", json=SPAM)
            gone = await state_of(db, ref)
            again = await client.post(f"{API}/comments/{ref}/remove", json=SPAM)
            url = f"{API}/decisions/{removed.json()['decision']}/reverse"
            others = await client.post(url, json={}, headers=BEN)
            chief = await client.post(url, json={"source": "appeal"}, headers=CLEO)

        assert (removed.status_code, gone) == (201, State.REMOVED)
        assert (again.status_code, again.json()["title"]) == (409, "wrong-state")
        assert others.status_code == 403
        assert (chief.status_code, chief.json()["measure"]) == (201, "restore")
        assert await state_of(db, ref) is State.PUBLISHED

    async def test_the_same_request_twice_removes_once(self, db: Database, room: Room) -> None:
        key = {"idempotency-key": "remove-1"}
        url = f"{API}/comments/{room.first.id}/remove"
        async with desk_of(db, room) as client:
            await decide(client, room.items[0], "publish")
            answers = [await client.post(url, json=SPAM, headers=key) for _ in range(2)]
            other = await client.post(url, json={**SPAM, "facts": "Other"}, headers=key)

        ref = CommentRef.parse(room.first.id)
        kept = await db.read(partial(decisions_on, thread=ref.thread, comment=ref.comment))
        assert answers[0].json() == answers[1].json()
        assert [one.decision.measure.value for one in kept] == ["publish", "remove"]
        assert (other.status_code, other.json()["title"]) == (422, "idempotency-key-reused")


class TestChiefEditor:
    async def test_switches_with_a_term_and_lifts(self, db: Database, room: Room) -> None:
        until = (NOON + timedelta(hours=2)).isoformat()
        body = {"site": "daily", "kind": "hold_all", "reason": "Elections", "until": until}
        async with desk_of(db, room) as client:
            not_mine = await client.post(f"{API}/switches", json=body)
            made = await client.post(f"{API}/switches", json=body, headers=CLEO)
            standing = await db.read(partial(all_switches_of, site=DAILY, now=NOON))
            lifted = await client.delete(f"{API}/switches/{made.json()['id']}", headers=CLEO)
            endless = {**body, "until": (NOON + timedelta(days=99)).isoformat()}
            no = await client.post(f"{API}/switches", json=endless, headers=CLEO)

        assert (not_mine.status_code, made.status_code, lifted.status_code) == (403, 201, 204)
        assert [one.reason for one in standing] == ["Elections"]
        assert "staff:" not in made.text
        assert await db.read(partial(all_switches_of, site=DAILY, now=NOON)) == []
        assert (no.status_code, no.json()["title"]) == (422, "switch-needs-term")

    @pytest.mark.clause("2017-5.3")
    async def test_classifies_a_thread(self, db: Database, room: Room) -> None:
        def blog(tx: sa.Connection) -> Any:
            return find_thread(tx, DAILY, "blog")

        thread = (await db.read(blog)).id
        body = {"class": "news", "mode": "pre", "reason": "It turned into news."}
        async with desk_of(db, room) as client:
            url = f"{API}/threads/{thread}/class"
            no = await client.put(url, json=body)
            silent = await client.put(url, json={**body, "reason": ""}, headers=CLEO)
            yes = await client.put(url, json=body, headers=CLEO)

        assert (no.status_code, silent.status_code, yes.status_code) == (403, 422, 200)
        found = await db.read(blog)
        assert (found.kind.value, found.mode.value) == ("news", "pre")
