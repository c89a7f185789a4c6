"""Counts and the newest comments, from ready bytes."""

import math
from collections.abc import AsyncIterator
from functools import partial

import pytest
import sqlalchemy as sa

from gentie.actions.moderation.remove_comment import Removal, remove_comment
from gentie.actions.operations.alias_thread import alias_thread
from gentie.actions.posting.cast_vote import cast_vote
from gentie.actions.posting.withdraw_comment import withdraw_comment
from gentie.kernel.ids import CommentRef
from gentie.pages.lists import A_MOMENT, beginning
from gentie.screening.model import Outcome
from gentie.sites.model import ThreadClass
from gentie.storage.db import Database
from tests.newsroom import (
    ANN,
    BEN,
    NOON,
    NOTEBOOK,
    OPERATOR,
    a_person,
    a_thread,
    found,
    post,
    staff,
)
from tests.web.embed.build import Client, People, a_client, hear, open_sites

COUNTS, RECENT = "/api/v1/sites/notebook/counts", "/api/v1/sites/notebook/recent"


@pytest.fixture
async def client(db: Database) -> AsyncIterator[Client]:
    await open_sites(db)
    async with a_client(db, People()) as client:
        await hear(client, db)
        yield client


async def is_ready(client: Client, db: Database, path: str) -> bool:
    """Whether a page is answered without a look at the database."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(db, "read", None)
        return (await client.get(path)).is_success


class TestCounts:
    async def test_come_by_the_keys_as_given(self, client: Client, db: Database) -> None:
        url = "https://page.example/a"

        def body(tx: sa.Connection) -> None:
            a_thread(tx, NOTEBOOK, url, kind=ThreadClass.BLOG)
            river = a_person(tx)
            post(tx, river)
            post(tx, river, key=url)
            post(tx, river, key=url)
            post(tx, river, text="Held", verdict=found(Outcome.HOLD))

        await db.act(body)
        encoded = "~aHR0cHM6Ly9wYWdlLmV4YW1wbGUvYQ"

        answer = await client.get(f"{COUNTS}?key=never&key=blog&key={encoded}&key=blog")

        assert answer.json() == {"counts": {"blog": 1, encoded: 2, "never": 0}}
        assert "etag" in answer.headers

    async def test_are_counted_once_and_again_after_a_change(
        self, client: Client, db: Database
    ) -> None:
        path = f"{COUNTS}?key=blog&key=unheard-of"
        first = await client.get(path)
        assert await is_ready(client, db, f"{COUNTS}?key=unheard-of&key=blog")
        made = await db.act(lambda tx: post(tx, a_person(tx), key="unheard-of"))
        await hear(client, db)
        assert made.state == "held"

        def body(tx: sa.Connection) -> None:
            made = post(tx, a_person(tx, "Reed"))
            removal = Removal(class_id="spam", facts="Seen", message="Not here")
            remove_comment(
                tx, CommentRef.parse(made.id), removal, acting=staff(tx, ANN, BEN)[0], now=NOON
            )
            post(tx, a_person(tx, "Ash"))

        await db.act(body)
        await hear(client, db)
        again = await client.get(path, headers={"if-none-match": first.headers["etag"]})

        assert first.json()["counts"] == {"blog": 0, "unheard-of": 0}
        assert again.json()["counts"] == {"blog": 1, "unheard-of": 0}

    async def test_another_name_of_a_thread_counts_like_its_own(
        self, client: Client, db: Database
    ) -> None:
        aliasing = partial(alias_thread, site=NOTEBOOK, key="blog", alias="old-blog")
        await db.act(partial(aliasing, acting=OPERATOR, now=NOON))
        made = await db.act(lambda tx: (river := a_person(tx), post(tx, river)))
        await hear(client, db)
        before = await client.get(f"{COUNTS}?key=old-blog")
        withdrawing = partial(withdraw_comment, ref=CommentRef.parse(made[1].id))
        await db.act(partial(withdrawing, acting=made[0], now=NOON))
        await hear(client, db)
        after = await client.get(f"{COUNTS}?key=old-blog")

        assert before.json()["counts"] == {"old-blog": 1}
        assert after.json()["counts"] == {"old-blog": 0}

    async def test_a_key_that_may_become_another_name_is_not_kept_for_long(
        self, client: Client
    ) -> None:
        await client.get(f"{COUNTS}?key=unheard-of")
        await client.get(f"{COUNTS}?key=blog")

        kept = [one.ready.lasts for one in client.app.cache._pages.values()]  # noqa: SLF001 no other way to see its end
        assert kept == [A_MOMENT, math.inf]

    @pytest.mark.parametrize(
        ("path", "status", "code"),
        [
            (COUNTS, 422, "invalid"),
            (COUNTS + "?" + "&".join(f"key={n}" for n in range(101)), 422, "invalid"),
            (f"{COUNTS}?key=~a", 422, "bad-thread-key"),
            ("/api/v1/sites/nowhere/counts?key=a", 404, "no-such-site"),
        ],
    )
    async def test_a_no_has_a_code(self, client: Client, path: str, status: int, code: str) -> None:
        answer = await client.get(path)

        assert (answer.status_code, answer.json()["type"]) == (status, f"/problems/{code}")


class TestRecent:
    async def test_the_newest_of_all_threads(self, client: Client, db: Database) -> None:
        def body(tx: sa.Connection) -> list[str]:
            river = a_person(tx)
            made = [
                post(tx, river, text="One *word*"),
                post(tx, river, text="x" * 400, key="blog"),
                post(tx, river, text="Held", verdict=found(Outcome.HOLD)),
            ]
            return [one.id for one in made[:2]]

        one, two = await db.act(body)

        shown = (await client.get(RECENT)).json()["comments"]
        few = (await client.get(f"{RECENT}?limit=1")).json()["comments"]

        assert [view["id"] for view in shown] == [two, one]
        assert few == shown[:1]
        assert shown[0]["text"] == "x" * 279 + "…"
        assert {**shown[1], "lang": ""} == {
            "id": one,
            "thread": {"key": "blog", "title": "Blog", "url": "https://page.example/blog"},
            "author": {"name": "River", "avatar": "", "badges": []},
            "text": "One word",
            "lang": "",
            "published_at": "2026-03-01T12:00:00Z",
            "link": f"/t/notebook/blog?comment={one}",
        }
        assert (await client.get(shown[1]["link"])).status_code == 200

    @pytest.mark.clause("2017-5.5d")
    async def test_a_removal_is_in_no_new_answer_and_a_vote_changes_nothing(
        self, client: Client, db: Database
    ) -> None:
        def body(tx: sa.Connection) -> CommentRef:
            return CommentRef.parse(post(tx, a_person(tx), text="nobody may read").id)

        ref = await db.act(body)
        await hear(client, db)
        assert "nobody may read" in (await client.get(RECENT)).text
        await db.act(
            lambda tx: cast_vote(tx, ref, agree=True, acting=a_person(tx, "Reed"), now=NOON)
        )
        await hear(client, db)
        assert await is_ready(client, db, RECENT)
        removal = Removal(class_id="spam", facts="Seen", message="Not here")
        removing = partial(remove_comment, ref=ref, removal=removal, now=NOON)
        await db.act(lambda tx: removing(tx, acting=staff(tx, ANN, BEN)[0]))
        await hear(client, db)

        assert (await client.get(RECENT)).json() == {"comments": []}

    @pytest.mark.parametrize(
        ("path", "status", "code"),
        [
            (f"{RECENT}?limit=0", 422, "invalid"),
            (f"{RECENT}?limit=51", 422, "invalid"),
            (f"{RECENT}?limit=many", 422, "invalid"),
            ("/api/v1/sites/nowhere/recent", 404, "no-such-site"),
        ],
    )
    async def test_a_no_has_a_code(self, client: Client, path: str, status: int, code: str) -> None:
        answer = await client.get(path)

        assert (answer.status_code, answer.json()["type"]) == (status, f"/problems/{code}")


@pytest.mark.parametrize(
    ("text", "most", "begins"),
    [
        ("abc", 3, "abc"),
        ("abcd", 3, "ab…"),
        ("a  \n b", 9, "a b"),
        ("👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦", 2, "👩‍👩‍👧‍👦…"),
        ("", 3, ""),
    ],
)
def test_a_beginning_never_cuts_a_character(text: str, most: int, begins: str) -> None:
    assert beginning(text, most) == begins
