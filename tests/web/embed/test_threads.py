"""Reading threads: every order, cursors, branches, tombstones, and answers from ready bytes."""

import base64
from collections.abc import AsyncIterator
from functools import partial
from typing import Any

import pytest
import sqlalchemy as sa

from gentie.actions.moderation.remove_comment import Removal, remove_comment
from gentie.actions.posting.cast_vote import cast_vote
from gentie.kernel.actor import Actor
from gentie.kernel.ids import CommentRef
from gentie.sites.model import ThreadClass
from gentie.storage.db import Database
from tests.newsroom import ANN, BEN, NOON, NOTEBOOK, a_person, a_thread, post, staff
from tests.web.embed.build import Client, People, a_client, hear, open_sites

THREAD = "/api/v1/sites/notebook/threads/blog/comments"


@pytest.fixture
async def client(sqlite_db: Database) -> AsyncIterator[Client]:
    await open_sites(sqlite_db)
    async with a_client(sqlite_db, People()) as client:
        yield client


def write(tx: sa.Connection, number: int, **more: Any) -> list[str]:
    river = a_person(tx, more.pop("name", "River"))
    return [post(tx, river, text=f"Remark {n}", **more).id for n in range(number)]


async def ids(client: Client, path: str) -> list[str]:
    answer = await client.get(path)
    assert answer.status_code == 200, answer.text
    return [one["id"] for one in answer.json()["comments"]]


class TestPages:
    @pytest.mark.clause("2017-5.1b")
    async def test_show_what_the_public_sees(self, client: Client, sqlite_db: Database) -> None:
        (made,) = await sqlite_db.act(partial(write, number=1))

        answer = await client.get(THREAD)

        assert answer.headers["cache-control"] == "public, max-age=0, s-maxage=1"
        page = answer.json()
        assert page["thread"]["count"] == 1
        assert page["thread"]["class"] == "blog"
        (shown,) = page["comments"]
        assert shown["id"] == made
        assert shown["author"] == {"name": "River", "avatar": "", "badges": []}
        assert shown["html"] == "<p>Remark 0</p>"
        assert shown["body"] == [
            {"type": "paragraph", "children": [{"type": "text", "text": "Remark 0"}]}
        ]
        assert page["next"] is None

    @pytest.mark.parametrize("sort", ["newest", "oldest", "top"])
    async def test_go_on_where_the_last_one_ended(
        self, client: Client, sqlite_db: Database, sort: str
    ) -> None:
        made = await sqlite_db.act(partial(write, number=7))
        found: list[str] = []
        after: str | None = ""
        while after is not None:
            page = (await client.get(f"{THREAD}?sort={sort}&limit=3{after}")).json()
            found += [one["id"] for one in page["comments"]]
            after = page["next"] and f"&after={page['next']}"

        assert found == (made if sort == "oldest" else made[::-1])

    async def test_most_agreed_comes_first(self, client: Client, sqlite_db: Database) -> None:
        def body(tx: sa.Connection) -> list[str]:
            made = write(tx, 3)
            agree = partial(cast_vote, agree=True, acting=a_person(tx, "Reed"), now=NOON)
            agree(tx, CommentRef.parse(made[1]))
            return made

        made = await sqlite_db.act(body)

        assert await ids(client, f"{THREAD}?sort=top") == [made[1], made[2], made[0]]

    async def test_a_branch_shows_five_answers_and_the_way_to_the_rest(
        self, client: Client, sqlite_db: Database
    ) -> None:
        def body(tx: sa.Connection) -> list[str]:
            river = a_person(tx)
            root = post(tx, river)
            return [post(tx, river, text=f"Answer {n}", to=root).id for n in range(8)]

        answers = await sqlite_db.act(body)
        (root,) = (await client.get(THREAD)).json()["comments"]

        assert root["reply_count"] == 8
        assert [one["id"] for one in root["replies"]] == answers[:5]
        rest = f"/api/v1/comments/{root['id']}/replies?after={root['more_replies']}"
        assert await ids(client, rest) == answers[5:]

    async def test_a_key_with_a_slash_goes_in_base64url(
        self, client: Client, sqlite_db: Database
    ) -> None:
        url = "https://page.example/a/评论?x=1"

        def body(tx: sa.Connection) -> None:
            a_thread(tx, NOTEBOOK, url, kind=ThreadClass.BLOG)
            post(tx, a_person(tx), key=url)

        await sqlite_db.act(body)
        segment = base64.urlsafe_b64encode(url.encode()).decode().rstrip("=")

        answer = await client.get(f"/api/v1/sites/notebook/threads/~{segment}/comments")

        assert answer.json()["thread"]["key"] == url
        assert len(answer.json()["comments"]) == 1

    async def test_a_key_that_nobody_has_used_is_an_empty_page_and_not_remembered(
        self, client: Client
    ) -> None:
        answer = await client.get("/api/v1/sites/notebook/threads/never/comments")

        assert answer.status_code == 200
        assert answer.json()["comments"] == []
        assert client.app.cache.size == 0


class TestFromReadyBytes:
    async def test_the_same_page_is_made_once(self, client: Client, sqlite_db: Database) -> None:
        await sqlite_db.act(partial(write, number=1))
        first = await client.get(THREAD)
        again = await client.get(f"{THREAD}?sort=newest", headers={"cookie": "gentie=stale"})
        unchanged = await client.get(THREAD, headers={"if-none-match": first.headers["etag"]})

        assert again.headers["etag"] == first.headers["etag"]
        assert (unchanged.status_code, unchanged.content) == (304, b"")
        assert client.app.fast.unchanged == 1

    async def test_a_removal_is_in_no_new_answer(self, client: Client, sqlite_db: Database) -> None:
        def body(tx: sa.Connection) -> tuple[str, Actor]:
            made = post(tx, a_person(tx), text="What nobody may read")
            return made.id, staff(tx, ANN, BEN)[0]

        made, ann = await sqlite_db.act(body)
        assert "nobody may read" in (await client.get(THREAD)).text
        await sqlite_db.act(partial(remove, made=made, acting=ann))
        await hear(client, sqlite_db)

        page = await client.get(THREAD)
        assert "nobody may read" not in page.text
        (gone,) = page.json()["comments"]
        assert gone["id"] == made
        assert gone["tombstone"]["by"] == "moderator"
        assert gone["tombstone"]["class"] == "spam"
        assert gone["tombstone"]["leaf"] is None
        assert len(gone["tombstone"]["nonce"]) == 64

    async def test_what_waits_for_its_place_in_the_log_is_soon_made_again(
        self, client: Client, sqlite_db: Database
    ) -> None:
        def body(tx: sa.Connection) -> None:
            made = post(tx, a_person(tx))
            remove(tx, made.id, acting=staff(tx, ANN, BEN)[0])

        await sqlite_db.act(body)
        await client.get(THREAD)

        (kept,) = client.app.cache._pages.values()  # noqa: SLF001 no other way to see its end
        assert kept.ready.lasts == 1.0


class TestNo:
    @pytest.mark.parametrize(
        ("path", "status", "code"),
        [
            ("/api/v1/sites/nowhere/threads/a/comments", 404, "no-such-site"),
            (f"{THREAD}?sort=hot", 422, "invalid"),
            (f"{THREAD}?limit=51", 422, "invalid"),
            (f"{THREAD}?limit=0", 422, "invalid"),
            (f"{THREAD}?limit=many", 422, "invalid"),
            (f"{THREAD}?after=rubbish", 400, "bad-cursor"),
            (f"{THREAD}?sort=top&after=WyJuZXdlc3QiLDAsMV0", 400, "bad-cursor"),
            ("/api/v1/sites/notebook/threads/~%FF/comments", 422, "bad-thread-key"),
            ("/api/v1/sites/notebook/threads/~a/comments", 422, "bad-thread-key"),
            ("/api/v1/comments/rubbish/replies", 404, "no-such-comment"),
            ("/api/v1/comments/AAAAAAAAAAAAAAAAAAAAAQ/replies", 404, "no-such-thread"),
        ],
    )
    async def test_is_a_problem_with_a_code(
        self, client: Client, path: str, status: int, code: str
    ) -> None:
        answer = await client.get(path)

        assert (answer.status_code, answer.json()["type"]) == (status, f"/problems/{code}")


def remove(tx: sa.Connection, made: str, *, acting: Actor) -> None:
    removal = Removal(class_id="spam", facts="Seen", message="Not here")
    remove_comment(tx, CommentRef.parse(made), removal, acting=acting, now=NOON)
