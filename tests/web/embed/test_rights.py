"""Reports, appeals, statements of reasons, what is mine, and what a site may say."""

import hmac
import json
from collections.abc import AsyncIterator
from functools import partial
from typing import Any

import httpx
import pytest
import sqlalchemy as sa

from gentie.screening.model import Outcome
from gentie.storage.db import Database
from gentie.web.access import actor_of_site
from tests.newsroom import NOTEBOOK, a_person, found, post
from tests.web.embed.build import Client, People, a_client, open_sites

Headers = dict[str, str]
BLOG = "/api/v1/sites/notebook/threads/blog"


class Scene:
    """A refused comment of River's and a public one of Reed's."""

    def __init__(self, people: People, tx: sa.Connection) -> None:
        river, reed = a_person(tx), a_person(tx, "Reed")
        self.river, self.reed = people.add("river", river), people.add("reed", reed)
        self.account = river.account
        self.refused = post(tx, river, text="Cheap pans", verdict=found(Outcome.REFUSE))
        self.public = post(tx, reed, text="A kind word.")


@pytest.fixture
def people() -> People:
    return People()


@pytest.fixture
async def scene(sqlite_db: Database, people: People) -> Scene:
    await open_sites(sqlite_db)
    return await sqlite_db.act(partial(Scene, people))


@pytest.fixture
async def client(sqlite_db: Database, people: People, scene: Scene) -> AsyncIterator[Client]:
    async with a_client(sqlite_db, people) as client:
        yield client


def told(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json().get("type", "").removeprefix("/problems/")


class TestStatement:
    @pytest.mark.clause("2017-7.1a", "2022-7.a", "2022-7.c")
    async def test_gives_reasons_and_opens_the_commitment(
        self, client: Client, scene: Scene
    ) -> None:
        answer = await client.get(
            f"/api/v1/decisions/{scene.refused.decision}", headers=scene.river
        )

        said = answer.json()
        assert said["reasons"]["class"] == "spam"
        assert said["reasons"]["clause"]
        assert said["reasons"]["appeal_before"] > said["decided_at"]
        assert said["definition"]["zh"]
        assert said["quote"] == "Cheap pans"
        key = bytes.fromhex(said["salt"])
        made = hmac.new(key, b"Decision\0" + said["record"].encode(), "sha256").hexdigest()
        assert made == said["commitment"]
        assert answer.headers["cache-control"] == "no-store"

    async def test_is_for_the_author_or_the_receipt(self, client: Client, scene: Scene) -> None:
        path = f"/api/v1/decisions/{scene.refused.decision}"

        assert told(await client.get(path)) == (404, "no-such-decision")
        assert told(await client.get(path, headers=scene.reed)) == (404, "no-such-decision")
        assert told(await client.get(f"{path}?receipt=guess")) == (404, "no-such-decision")
        by_header = await client.get(path, headers={"gentie-receipt": scene.refused.receipt})
        by_query = await client.get(f"{path}?receipt={scene.refused.receipt}")
        assert (by_header.status_code, by_query.status_code) == (200, 200)

    async def test_a_proof_has_to_wait_for_the_log(self, client: Client, scene: Scene) -> None:
        path = f"/api/v1/decisions/{scene.refused.decision}/proof"

        assert told(await client.get(path, headers=scene.river)) == (409, "not-yet-in-log")
        assert told(await client.get(path)) == (404, "no-such-decision")

    @pytest.mark.parametrize("name", ["rubbish", "0", "-1", "1" * 40, "١"])
    async def test_rubbish_is_none(self, client: Client, scene: Scene, name: str) -> None:
        answer = await client.get(f"/api/v1/decisions/{name}", headers=scene.river)

        assert told(answer) == (404, "no-such-decision")


class TestAppeal:
    @pytest.mark.clause("2022-13.1a")
    async def test_gets_a_number_a_due_date_and_a_secret_link(
        self, client: Client, scene: Scene
    ) -> None:
        path = f"/api/v1/decisions/{scene.refused.decision}/appeals"
        body = {"statement": "They are good pans.", "receipt": scene.refused.receipt}
        filed = await client.post(path, json=body)
        again = await client.post(path, json=body)
        status = await client.get(f"/api/v1/cases/{filed.json()['next'].removeprefix('/c/')}")

        assert filed.status_code == 201
        assert filed.json()["case"].startswith("A-")
        assert filed.json()["secret_url"].startswith("http://gentie.test/c/")
        assert told(again) == (409, "already-appealed")
        assert status.json()["state"] == "received"
        assert status.json()["due"] == filed.json()["due"]

    async def test_is_not_for_others(self, client: Client, scene: Scene) -> None:
        path = f"/api/v1/decisions/{scene.refused.decision}/appeals"

        answer = await client.post(path, json={"statement": "No"}, headers=scene.reed)

        assert told(answer) == (404, "no-such-decision")


class TestReport:
    @pytest.mark.clause("2022-13.1a")
    async def test_needs_no_account(self, client: Client, scene: Scene) -> None:
        body = {"subject": scene.public.id, "class": "spam", "statement": "Look"}
        filed = await client.post("/api/v1/reports", json=body)

        assert filed.status_code == 201
        assert filed.json()["case"].startswith("R-")

    async def test_twice_with_a_key_is_one(self, client: Client, scene: Scene) -> None:
        body = {"subject": scene.public.id, "class": "spam"}
        headers = {"idempotency-key": "0123456789abcdef"}
        first, again = [
            (await client.post("/api/v1/reports", json=body, headers=headers)).json()
            for _ in range(2)
        ]

        assert first == again

    @pytest.mark.parametrize(
        ("change", "status", "code"),
        [
            ({"class": "other"}, 422, "no-such-class"),
            ({"subject": "rubbish"}, 404, "no-such-comment"),
            ({"more": 1}, 422, "invalid"),
            ({"statement": "a" * 5001}, 422, "invalid"),
        ],
    )
    async def test_says_what_is_wrong(
        self, client: Client, scene: Scene, change: dict[str, Any], status: int, code: str
    ) -> None:
        body = {"subject": scene.public.id, "class": "spam", **change}

        assert told(await client.post("/api/v1/reports", json=body)) == (status, code)

    async def test_not_of_what_is_not_public(self, client: Client, scene: Scene) -> None:
        body = {"subject": scene.refused.id, "class": "spam"}

        assert told(await client.post("/api/v1/reports", json=body)) == (409, "nothing-to-report")

    async def test_a_wrong_link_opens_nothing(self, client: Client) -> None:
        assert told(await client.get("/api/v1/cases/guess")) == (404, "no-such-case")


class TestMine:
    async def test_shows_what_only_i_may_see(self, client: Client, scene: Scene) -> None:
        await client.put(
            f"/api/v1/comments/{scene.public.id}/vote", json={"value": 1}, headers=scene.river
        )
        said = (await client.get(f"{BLOG}/mine", headers=scene.river)).json()

        assert said["me"]["name"] == "River"
        (own,) = said["items"]
        assert (own["state"], own["text"]) == ("refused", "Cheap pans")
        assert own["decision"]["id"] == scene.refused.decision
        assert said["votes"] == [scene.public.id]

    async def test_lists_over_all_threads(self, client: Client, scene: Scene) -> None:
        written, decided, notices = [
            (await client.get(f"/api/v1/me/{name}", headers=scene.river)).json()
            for name in ("comments", "decisions", "notices")
        ]

        assert [one["id"] for one in written["comments"]] == [scene.refused.id]
        assert [one["id"] for one in decided] == [scene.refused.decision]
        assert [one["decision"] for one in notices] == [scene.refused.decision]

    async def test_notices_are_marked_as_seen_by_who_was_told(
        self, client: Client, scene: Scene
    ) -> None:
        path = "/api/v1/me/notices"
        (notice,) = (await client.get(path, headers=scene.river)).json()
        upto = {"upto": notice["id"]}

        others, first, again = [
            (await client.post(f"{path}/seen", json=upto, headers=who)).json()
            for who in (scene.reed, scene.river, scene.river)
        ]

        assert [one["marked"] for one in (others, first, again)] == [0, 1, 0]
        assert [one["seen"] for one in (await client.get(path, headers=scene.river)).json()] == [
            True
        ]
        assert not notice["seen"]

    @pytest.mark.parametrize("upto", ["", "-1", "rubbish", "9" * 40, "١"])
    async def test_rubbish_is_no_notice(self, client: Client, scene: Scene, upto: str) -> None:
        answer = await client.post(
            "/api/v1/me/notices/seen", json={"upto": upto}, headers=scene.river
        )

        assert told(answer) == (404, "no-such-notice")

    async def test_a_later_notice_stays_new(self, client: Client, scene: Scene) -> None:
        (notice,) = (await client.get("/api/v1/me/notices", headers=scene.river)).json()
        earlier = {"upto": str(int(notice["id"]) - 1)}

        answer = await client.post("/api/v1/me/notices/seen", json=earlier, headers=scene.river)

        assert answer.json() == {"marked": 0}

    async def test_a_copy_of_everything_proves_what_was_decided(
        self, client: Client, scene: Scene
    ) -> None:
        await client.put(
            f"/api/v1/comments/{scene.public.id}/vote", json={"value": 1}, headers=scene.river
        )
        answer = await client.get("/api/v1/me/export", headers=scene.river)
        mine = answer.json()

        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["content-disposition"].startswith("attachment")
        assert (mine["format"], mine["author"]["name"]) == ("gentie-person/1", "River")
        (comment,) = mine["comments"]
        assert [one["text"] for one in comment["revisions"]] == ["Cheap pans"]
        (kept,) = comment["decisions"]
        record = json.dumps(
            kept["record"], sort_keys=True, separators=(",", ":"), ensure_ascii=False
        )
        opened = hmac.new(bytes.fromhex(kept["salt"]), f"Decision\0{record}".encode(), "sha256")
        assert opened.hexdigest() == kept["commitment"]
        assert [one["ref"] for one in mine["votes"]] == [scene.public.id]
        assert mine["author"]["verifications"]
        assert [one["decision"] for one in mine["author"]["notices"]] == [scene.refused.decision]

    async def test_a_copy_is_made_ten_times_an_hour(self, client: Client, scene: Scene) -> None:
        answers = [
            (await client.get("/api/v1/me/export", headers=scene.reed)).status_code
            for _ in range(11)
        ]

        assert answers == [200] * 10 + [429]

    @pytest.mark.parametrize(
        "path",
        [f"{BLOG}/mine", "/api/v1/me/comments", "/api/v1/me/notices", "/api/v1/me/export"],
    )
    async def test_is_not_for_strangers(self, client: Client, path: str) -> None:
        assert told(await client.get(path)) == (401, "not-signed-in")


class TestSites:
    async def test_rules_are_public(self, client: Client) -> None:
        said = (await client.get("/api/v1/sites/daily/rules")).json()

        assert said["policy"].startswith("cn-2022-final/")
        assert {"illegal", "negative", "terms"} == {one["tier"] for one in said["classes"]}
        assert said["windows"]["appeal_days"] > 0
        assert said["agreement"]["number"] == 1
        assert said["single_moderator"] is True

    async def test_counts(self, client: Client) -> None:
        said = (await client.get("/api/v1/sites/notebook/counts?key=blog&key=never")).json()

        assert said == {"counts": {"blog": 1, "never": 0}}

    async def test_a_sites_server_declares_its_threads(
        self, client: Client, people: People
    ) -> None:
        token = people.add("site", actor_of_site(NOTEBOOK))
        wanted = {
            "title": "New",
            "url": "https://page.example/new",
            "class": "blog",
            "mode": "post",
        }
        made = await client.put("/api/v1/sites/notebook/threads/new", json=wanted, headers=token)
        elsewhere = await client.put("/api/v1/sites/daily/threads/new", json=wanted, headers=token)
        stranger = await client.put("/api/v1/sites/notebook/threads/new", json=wanted)
        script = await client.put(
            "/api/v1/sites/notebook/threads/new",
            json={**wanted, "url": "javascript:alert(1)"},
            headers=token,
        )

        assert (made.status_code, made.json()["class"]) == (200, "blog")
        assert told(elsewhere) == (403, "may-not")
        assert told(stranger) == (403, "may-not")
        assert told(script) == (422, "invalid")
