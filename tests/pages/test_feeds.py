"""Feeds: valid Atom, stable names, and nothing in them that is not public any more."""

from collections.abc import AsyncIterator
from datetime import timedelta
from functools import partial

import pytest
import sqlalchemy as sa

from gentie.actions.moderation.remove_comment import Removal, remove_comment
from gentie.actions.posting.edit_comment import edit_comment
from gentie.actions.posting.withdraw_comment import withdraw_comment
from gentie.pages import feeds
from gentie.screening.model import Outcome
from gentie.storage.db import Database
from gentie.web.public.routes import routes as public
from tests.newsroom import ANN, BEN, NOON, a_draft, a_person, found, post, ref_of, staff
from tests.pages import atom
from tests.web.embed.build import Client, People, a_client, hear, open_sites

THREAD, SITE = "/feeds/notebook/blog.atom", "/feeds/notebook.atom"


class Scene:
    def __init__(self, tx: sa.Connection) -> None:
        self.river, self.reed = a_person(tx), a_person(tx, "Reed & <b>")
        self.ann = staff(tx, ANN, BEN)[0]
        self.first = post(tx, self.river, text="*First* <i> & \u2028]]>")
        answer = partial(post, by=self.reed, to=self.first, now=NOON + timedelta(minutes=1))
        self.answer = answer(tx, text="Answer")
        post(tx, self.reed, text="Held", verdict=found(Outcome.HOLD))


@pytest.fixture
async def scene(db: Database) -> Scene:
    await open_sites(db)
    return await db.act(Scene)


@pytest.fixture
async def client(db: Database, scene: Scene) -> AsyncIterator[Client]:
    async with a_client(db, People(), *public) as client:
        await hear(client, db)
        yield client


@pytest.mark.parametrize("path", [THREAD, SITE])
async def test_a_feed_is_valid_and_tells_what_is_public(client: Client, path: str) -> None:
    answer = await client.get(path)

    assert answer.headers["content-type"] == "application/atom+xml; charset=utf-8"
    feed = atom.read(answer.content)
    assert atom.links(feed)["self"] == f"http://gentie.test{path}"
    newest, oldest = feed.findall(f"{atom.A}entry")
    assert atom.one(oldest, "content").text.startswith("<p><em>First</em> &lt;i&gt; &amp;")
    assert atom.one(newest, "author")[0].text == "Reed & <b>"
    assert atom.one(newest, "title").text == "Reed & <b> on “Blog”"
    assert atom.one(newest, "updated").text == "2026-03-01T12:01:00Z"
    assert atom.one(feed, "updated").text == "2026-03-01T12:01:00Z"
    assert "Held" not in answer.text
    (reply,) = newest.findall(atom.REPLY)
    assert reply.get("ref") == atom.one(oldest, "id").text


async def test_links_lead_to_the_comment(client: Client, scene: Scene) -> None:
    feed = atom.read((await client.get(THREAD)).content)
    newest = feed.findall(f"{atom.A}entry")[0]

    page = await client.get(atom.links(newest)["alternate"])

    assert page.status_code == 200
    assert atom.links(newest)["alternate"].endswith(f"/t/notebook/blog?comment={scene.answer.id}")
    assert atom.links(feed)["alternate"] == "http://gentie.test/t/notebook/blog"
    assert f'href="{THREAD}"' in page.text
    assert f'href="{SITE}"' in page.text


async def test_an_unchanged_feed_is_not_sent_again(client: Client) -> None:
    first = await client.get(THREAD)
    again = await client.get(THREAD, headers={"if-none-match": first.headers["etag"]})

    assert again.status_code == 304


@pytest.mark.clause("2017-5.5d")
@pytest.mark.parametrize("path", [THREAD, SITE])
async def test_what_is_hidden_is_deleted_in_readers_too(
    client: Client, db: Database, scene: Scene, path: str
) -> None:
    before = atom.read((await client.get(path)).content)
    names = [atom.one(entry, "id").text for entry in before.findall(f"{atom.A}entry")]
    removal = Removal(class_id="spam", facts="Seen", message="Not here")
    removing = partial(remove_comment, ref=ref_of(scene.first), removal=removal)
    await db.act(partial(removing, acting=scene.ann, now=NOON + timedelta(minutes=2)))
    withdrawing = partial(withdraw_comment, ref=ref_of(scene.answer), acting=scene.reed)
    await db.act(partial(withdrawing, now=NOON + timedelta(minutes=3)))
    await hear(client, db, now=NOON + timedelta(minutes=3))

    answer = await client.get(path)

    feed = atom.read(answer.content)
    assert feed.findall(f"{atom.A}entry") == []
    gone = feed.findall(atom.GONE)
    assert [mark.get("ref") for mark in gone] == names
    assert [mark.get("when") for mark in gone] == ["2026-03-01T12:03:00Z", "2026-03-01T12:02:00Z"]
    assert atom.one(feed, "updated").text == "2026-03-01T12:03:00Z"
    assert "First" not in answer.text


async def test_an_edit_changes_the_entry_and_not_its_name(
    client: Client, db: Database, scene: Scene
) -> None:
    before = atom.read((await client.get(THREAD)).content).findall(f"{atom.A}entry")[1]
    editing = partial(edit_comment, ref=ref_of(scene.first), draft=a_draft("Better"))
    later = NOON + timedelta(minutes=5)
    await db.act(partial(editing, acting=scene.river, now=later))
    await hear(client, db, now=later)

    after = atom.read((await client.get(THREAD)).content).findall(f"{atom.A}entry")[1]

    assert atom.one(after, "id").text == atom.one(before, "id").text
    assert atom.one(after, "published").text == "2026-03-01T12:00:00Z"
    assert atom.one(after, "updated").text == "2026-03-01T12:05:00Z"
    assert atom.one(after, "content").text == "<p>Better</p>"


async def test_titles_come_in_the_language_asked_for(client: Client) -> None:
    feed = atom.read((await client.get(f"{THREAD}?lang=zh-CN")).content)
    plain = atom.read((await client.get(f"{THREAD}?lang=xx")).content)

    assert feed.get(atom.LANG) == "zh-CN"
    assert atom.one(feed, "title").text == "《Blog》的跟帖 — Notebook"
    assert atom.links(feed)["self"].endswith("?lang=zh-CN")
    assert plain.get(atom.LANG) == "en"


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/feeds/notebook/article.atom", 200),
        ("/feeds/daily.atom", 200),
        ("/feeds/notebook/never.atom", 404),
        ("/feeds/nowhere.atom", 404),
        ("/feeds/nowhere/a.atom", 404),
        ("/feeds/notebook/~a.atom", 422),
        ("/feeds/notebook", 404),
        ("/feeds/notebook/blog", 404),
    ],
)
async def test_only_what_is_there_has_a_feed(client: Client, path: str, status: int) -> None:
    answer = await client.get(path)

    assert answer.status_code == status
    if status == 200:
        assert atom.one(atom.read(answer.content), "updated").text == "2000-01-01T00:00:00Z"


def test_what_xml_cannot_carry_is_replaced() -> None:
    assert feeds._text("a\x00\x0b\ufffe<\U0001f600") == "a\ufffd\ufffd\ufffd&lt;\U0001f600"  # noqa: SLF001 the rule
