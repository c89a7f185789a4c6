"""Danmaku over HTTP: sent, read, removed; the layer is a part of the text version."""

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from functools import partial
from html import unescape
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from gentie.actions.moderation.claim_item import claim_item
from gentie.actions.moderation.decide_item import Opinion, decide_item
from gentie.actions.moderation.remove_comment import Removal, remove_comment
from gentie.actions.operations.declare_stream import declare_stream
from gentie.actions.posting.withdraw_comment import withdraw_comment
from gentie.danmaku import queries, rules
from gentie.danmaku.model import Stream, StreamKind
from gentie.decisions.model import Measure
from gentie.kernel.actor import Actor, Kind
from gentie.kernel.ids import ActorId, CommentRef
from gentie.review.queries import queue
from gentie.sites.model import ThreadClass
from gentie.storage.db import Database
from gentie.web.public.routes import routes as public
from tests.danmaku.build import a_film, a_line
from tests.newsroom import ANN, DAILY, NOON, NOTEBOOK, OPERATOR, a_person, a_thread, staff
from tests.web.embed.build import Client, People, a_client, hear, open_sites

FILM = "/api/v1/sites/notebook/threads/film/danmaku"
SPAM = Removal(class_id="spam", facts="A shop", message="No advertising.")
Headers = dict[str, str]


@pytest.fixture
def people() -> People:
    return People()


@pytest.fixture
async def river(db: Database) -> Actor:
    await open_sites(db)
    await db.act(a_film)
    return await db.act(a_person)


@pytest.fixture
async def ann(db: Database, river: Actor) -> Actor:
    return (await db.act(lambda tx: staff(tx, ANN)))[0]


@pytest.fixture
async def client(db: Database, people: People, river: Actor) -> AsyncIterator[Client]:
    async with a_client(db, people, *public) as client:
        yield client


@pytest.fixture
def bearer(people: People, river: Actor) -> Headers:
    return people.add("river", river)


async def send(client: Client, who: Headers, path: str = FILM, **body: Any) -> tuple[int, Any]:
    given = {"text": "Here it comes", "t_ms": 1000, **body}
    answer = await client.post(path, json=given, headers=who)
    return answer.status_code, answer.json()


async def rows(client: Client, path: str = FILM) -> list[list[Any]]:
    """All rows of all segments, by the manifest."""
    manifest = (await client.get(path)).json()
    parts = [(await client.get(one["url"])).json() for one in manifest["segments"]]
    assert manifest["count"] == sum(part["count"] for part in parts)
    return [row for part in parts for row in part["rows"]]


async def exported(client: Client, ending: str) -> str:
    answer = await client.get(f"{FILM}.{ending}")
    assert answer.status_code == 200
    return str(answer.text)


@pytest.mark.clause("2017-2.2b", "2022-2.2")
async def test_a_line_goes_the_way_of_every_comment(client: Client, bearer: Headers) -> None:
    status, made = await send(client, bearer, mode="top", colour=0xFF6B6B)
    await send(client, bearer, text="Two minutes on", t_ms=130_000)

    assert (status, made["state"], bool(made["receipt"])) == (201, "published", True)
    assert [row[1:] for row in await rows(client)] == [
        [1000, "top", 0xFF6B6B, "Here it comes", "River"],
        [130_000, "scroll", 0xFFFFFF, "Two minutes on", "River"],
    ]
    thread = (await client.get("/api/v1/sites/notebook/threads/film/comments")).json()
    assert (thread["comments"], thread["thread"]["count"]) == ([], 0)


async def test_a_line_is_one_line_without_markup(client: Client, bearer: Headers) -> None:
    await send(client, bearer, text="**not\nbold** https://shop.example")
    status, no = await send(client, bearer, text="x" * 101)

    assert [row[4] for row in await rows(client)] == ["**not bold** https://shop.example"]
    assert (status, no["title"]) == (422, "text-too-long")


async def test_what_is_no_video_takes_none(client: Client, bearer: Headers) -> None:
    blog = "/api/v1/sites/notebook/threads/blog/danmaku"
    unknown = "/api/v1/sites/notebook/threads/nobody-knows/danmaku"

    for path in (blog, unknown):
        status, no = await send(client, bearer, path)
        assert (status, no["title"]) == (403, "form-not-offered")
    assert not (await client.get(unknown)).json()["on"]


async def test_not_before_its_assessment(client: Client, db: Database, bearer: Headers) -> None:
    path = "/api/v1/sites/daily/threads/film/danmaku"
    await db.act(partial(a_thread, site=DAILY, key="film", kind=ThreadClass.VIDEO))
    status, no = await send(client, bearer, path)
    assert (status, no["title"]) == (403, "feature-offline")
    assert not (await client.get(path)).json()["on"]

    await db.act(partial(a_film, site=DAILY))
    await hear(client, db)
    assert (await client.get(path)).json()["on"]
    assert (await send(client, bearer, path))[0] == 201


@pytest.mark.clause("2017-5.5d")
async def test_a_removal_leaves_every_answer(
    client: Client, db: Database, bearer: Headers, ann: Actor
) -> None:
    _, bad = await send(client, bearer, text="Buy at shop.example")
    _, good = await send(client, bearer, text="A fine film")
    await hear(client, db)
    before = (await client.get(FILM)).json()["segments"][0]
    assert len(await rows(client)) == 2

    ref = CommentRef.parse(bad["id"])
    await db.act(partial(remove_comment, ref=ref, removal=SPAM, acting=ann, now=NOON))
    await hear(client, db)

    assert [row[0] for row in await rows(client)] == [good["id"]]
    old = await client.get(before["url"])
    assert (old.status_code, old.json()["title"]) == (410, "segment-superseded")
    page = (await client.get("/t/notebook/film/danmaku")).text
    for text in (page, *[await exported(client, one) for one in ("xml", "vtt", "json", "txt")]):
        assert "shop.example" not in text
        assert "A fine film" in text


async def test_a_restored_or_withdrawn_line_comes_and_goes(
    client: Client, db: Database, bearer: Headers, river: Actor
) -> None:
    _, made = await send(client, bearer)
    ref = CommentRef.parse(made["id"])
    await db.act(partial(withdraw_comment, ref=ref, acting=river, now=NOON))
    await hear(client, db)

    manifest = (await client.get(FILM)).json()
    assert (manifest["count"], manifest["segments"]) == (0, [])
    answer = await client.patch(
        f"/api/v1/comments/{made['id']}", json={"text": "Again"}, headers=bearer
    )
    assert (answer.status_code, answer.json()["title"]) == (409, "wrong-state")


@pytest.mark.clause("2017-5.3", "2022-4.4b")
async def test_a_held_line_keeps_its_moment(
    client: Client, db: Database, people: People, river: Actor, ann: Actor
) -> None:
    """News video: a person looks first; meanwhile nobody sees the line."""
    bearer = people.add("river", river)
    await db.act(partial(a_film, site=DAILY, key="report", kind=ThreadClass.NEWS))
    stream = Stream(
        kind=StreamKind.LIVE, started_at=NOON - timedelta(hours=1), delay=timedelta(seconds=20)
    )
    declaring = partial(declare_stream, site=DAILY, key="report", stream=stream)
    await db.act(partial(declaring, acting=OPERATOR, now=NOON))
    path = "/api/v1/sites/daily/threads/report/danmaku"

    status, made = await send(client, bearer, path, t_ms=None)
    assert (status, made["state"]) == (201, "held")
    assert await rows(client, path) == []
    over = {"t_ms": 3_600_000, "mode": "scroll", "colour": 0xFFFFFF}
    mine = (await client.get(path.replace("danmaku", "mine"), headers=bearer)).json()
    assert [(one["id"], one["state"], one["over"]) for one in mine["items"]] == [
        (made["id"], "held", over)
    ]
    whole = (await client.get("/api/v1/me/export", headers=bearer)).json()
    (kept,) = (one for one in whole["comments"] if one["ref"] == made["id"])
    assert (kept["state"], kept["danmaku"]) == ("held", over)

    (item,) = await db.read(partial(queue, site=DAILY))
    assert item.due_at == NOON + timedelta(seconds=20)
    await db.act(partial(publish, item=item.id, acting=ann))
    await hear(client, db)
    assert [row[1] for row in await rows(client, path)] == [3_600_000]


def publish(tx: Any, item: str, acting: Actor) -> None:
    version = claim_item(tx, item_id=item, acting=acting, now=NOON).version
    opinion = Opinion(measure=Measure.PUBLISH, version=version)
    decide_item(tx, item_id=item, opinion=opinion, acting=acting, now=NOON)


@pytest.mark.clause("2017-5.4")
async def test_the_layer_is_a_part_of_the_text(
    client: Client, db: Database, river: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is drawn may be a sample; the text version has every line, and says the same number."""
    monkeypatch.setattr(rules, "MOST_DRAWN", 5)
    for n in range(12):
        await db.act(partial(a_line, by=river, t_ms=n * 20_000, text=f"Line {n}"))

    drawn = {row[0] for row in await rows(client)}
    text = (await client.get(f"{FILM}.json")).json()

    assert len(drawn) == 10  # six in each of two segments, five of them drawn
    assert drawn < {one["id"] for one in text["danmaku"]}
    assert text["count"] == len(text["danmaku"]) == (await client.get(FILM)).json()["count"] == 12


@pytest.mark.clause("2017-5.4", "2022-4.3")
async def test_the_text_is_a_page_without_script(
    client: Client, db: Database, river: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gentie.pages.transcript.PAGE", 3)
    made = [
        await db.act(partial(a_line, by=river, t_ms=n * 20_000, text=f"<b>Line {n}</b>"))
        for n in range(8)
    ]
    path, text = "/t/notebook/film/danmaku", ""
    while path:
        page = await client.get(path)
        assert page.status_code == 200
        text += page.text
        found = re.search(r'class="next" href="([^"]+)"', page.text)
        path = unescape(found[1]) if found else ""

    assert re.findall(r'id="dm-([^"]+)"', text) == [one.id for one in made]
    assert {row[0] for row in await rows(client)} <= set(re.findall(r'id="dm-([^"]+)"', text))
    assert "<script" not in text
    assert "<b>" not in text
    assert f'href="/report?subject={made[0].id}"' in text
    there = await client.get("/t/notebook/film/danmaku?t=134&lang=zh-CN")
    assert made[7].id in there.text
    assert made[6].id not in there.text
    assert "弹幕文字版" in there.text
    assert "/t/notebook/film/danmaku" in (await client.get("/t/notebook/film")).text
    assert (await client.get("/t/notebook/nobody/danmaku")).status_code == 404
    assert (await client.get("/t/notebook/film/danmaku?t=-1")).status_code == 400


@pytest.mark.clause("2017-5.4", "2022-4.3")
async def test_other_pages_include_the_text_beside_their_video(
    client: Client, db: Database, river: Actor
) -> None:
    made = [await db.act(partial(a_line, by=river, t_ms=n, text=f"<b>{n}</b>")) for n in range(3)]
    fragment = (await client.get("/embed/danmaku/notebook/film.html?lang=zh-CN")).text

    assert re.findall(r'id="dm-([^"]+)"', fragment) == [one.id for one in made]
    assert "<html" not in fragment
    assert "&lt;b&gt;0" in fragment
    assert "弹幕文字版" in fragment
    for path, status in (("notebook/nobody.html", 404), ("notebook/film", 404)):
        assert (await client.get(f"/embed/danmaku/{path}")).status_code == status


async def test_files_that_players_read(client: Client, db: Database, bearer: Headers) -> None:
    await send(client, bearer, text="<img src=x> & --> more", t_ms=61_500, mode="bottom")

    (line,) = ET.fromstring(await exported(client, "xml")).findall("d")  # noqa: S314 our own
    fields = str(line.get("p")).split(",")
    assert fields[:4] == ["61.500", "4", "25", str(0xFFFFFF)]
    assert (len(fields), line.text) == (8, "<img src=x> & --> more")
    vtt = await exported(client, "vtt")
    assert vtt.startswith("WEBVTT Film\n\ndm-")
    assert "00:01:01.500 --> 00:01:09.500\n<v River>&lt;img src=x&gt; &amp; --&gt; more" in vtt
    assert "00:01:01\tRiver\t<img" in await exported(client, "txt")


async def test_caches_are_told_how_long(client: Client, db: Database, river: Actor) -> None:
    await db.act(partial(a_line, by=river))
    manifest = await client.get(FILM)
    segment = await client.get(manifest.json()["segments"][0]["url"])

    assert manifest.headers["cache-control"] == "public, max-age=1"
    assert segment.headers["cache-control"] == "public, max-age=60"
    for wrong in ("0-9.json", "7-1.json", "x.json"):
        assert (await client.get(f"{FILM}/segments/{wrong}")).status_code == 404


async def test_a_site_says_what_its_video_is(
    client: Client, db: Database, people: People, bearer: Headers
) -> None:
    scopes = frozenset({"thread:declare"})
    server = people.add(
        "server", Actor(id=ActorId("site:x"), kind=Kind.SITE, scopes=scopes, site=NOTEBOOK)
    )
    off = await client.put(FILM, json={"kind": "off"}, headers=server)
    await hear(client, db)
    assert off.status_code == 200
    assert (await send(client, bearer))[1]["title"] == "form-not-offered"
    assert (await client.put(FILM, json={"kind": "off"}, headers=bearer)).status_code == 403
    bad = await client.put(FILM, json={"kind": "live"}, headers=server)
    assert (bad.status_code, bad.json()["title"]) == (422, "bad-stream")


async def test_nobody_answers_a_line(client: Client, bearer: Headers, db: Database) -> None:
    _, made = await send(client, bearer)
    answer = await client.post(
        "/api/v1/sites/notebook/threads/film/comments",
        json={"text": "So it does", "parent": made["id"]},
        headers=bearer,
    )
    assert answer.json()["title"] == "no-such-parent"
    placed = await db.read(partial(queries.find, ref=CommentRef.parse(made["id"])))
    assert placed is not None
