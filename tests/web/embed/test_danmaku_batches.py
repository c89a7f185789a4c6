"""Many lines at once: one message, and only the pages of their own two minutes are made again."""

from collections.abc import AsyncIterator
from datetime import timedelta
from functools import partial

import httpx
import pytest
import sqlalchemy as sa

from gentie.actions.place import DANMAKU_CHANGED, PAGE_CHANGED
from gentie.actions.posting.approve_import import approve_import
from gentie.actions.posting.import_archive import Archived, ArchivePage, import_archive
from gentie.actions.posting.make_draft import make_draft, make_line
from gentie.actions.posting.withdraw_comment import withdraw_comment
from gentie.danmaku.model import SegmentSuperseded, Wanted
from gentie.jobs.pages import page_handlers
from gentie.kernel.actor import OPERATOR, Actor
from gentie.pages.cache import PageCache
from gentie.pages.danmaku_pages import DanmakuPages
from gentie.pages.telling import Teller
from gentie.storage.db import Database
from gentie.storage.outbox import messages, take
from tests.danmaku.build import a_film, a_line
from tests.newsroom import NOON, NOTEBOOK, RULES, a_person, post, ref_of
from tests.web.embed.build import Client, People, a_client, hear, open_sites
from tests.web.embed.test_live import Reader
from tests.web.serving import served

FILM = "/api/v1/sites/notebook/threads/film/danmaku"
PAGE = ArchivePage(site=NOTEBOOK, source="danmaku-xml", key="film", title="Film", url="")


@pytest.fixture
async def river(db: Database) -> Actor:
    await open_sites(db)
    await db.act(a_film)
    return await db.act(a_person)


@pytest.fixture
async def client(db: Database, river: Actor) -> AsyncIterator[Client]:
    async with a_client(db, People()) as client:
        await hear(client, db)
        yield client


def bring(tx: sa.Connection, *t_ms: int | None) -> None:
    """An archive that is decided on in one go. None: a comment in the thread."""
    items = [
        Archived(
            source_id=str(n),
            author="Old",
            created_at=NOON - timedelta(days=1, minutes=n),
            draft=make_draft("Old", RULES) if moment is None else make_line(f"Old {n}", RULES),
            over=None if moment is None else Wanted(t_ms=moment),
        )
        for n, moment in enumerate(t_ms)
    ]
    told = import_archive(tx, PAGE, items, acting=OPERATOR, now=NOON)
    approve_import(tx, told.batch, acting=OPERATOR, now=NOON)


def waiting(tx: sa.Connection) -> list[str]:
    wanted = messages.c.topic.in_([DANMAKU_CHANGED, PAGE_CHANGED])
    return [*tx.scalars(sa.select(messages.c.topic).where(wanted).order_by(messages.c.topic))]


async def test_a_sweep_is_told_once(db: Database, client: Client) -> None:
    async with served(client.app) as url, httpx.AsyncClient(base_url=url, timeout=30) as http:
        async with http.stream("GET", f"{FILM}/live") as answer:
            reader = Reader(answer)
            await reader.until("here")
            await db.act(lambda tx: bring(tx, *range(30)))
            topics = await db.read(waiting)
            await hear(client, db)
            again = await reader.until("danmaku-again")
        manifest = (await client.get(FILM)).json()

    assert topics == [DANMAKU_CHANGED]
    assert again["data"] == "{}"
    assert [(one["rev"], one["count"]) for one in manifest["segments"]] == [(1, 30)]


async def test_a_mixed_sweep_tells_both(db: Database, client: Client) -> None:
    await db.act(lambda tx: bring(tx, 1000, None, 200_000))
    assert await db.read(waiting) == [DANMAKU_CHANGED, PAGE_CHANGED]


async def test_only_its_own_two_minutes_are_made_again(
    db: Database, client: Client, river: Actor
) -> None:
    first = await db.act(partial(a_line, by=river, t_ms=1000))
    await db.act(partial(a_line, by=river, t_ms=130_000))
    await hear(client, db)
    pages = DanmakuPages(db, clock=lambda: NOON)
    cache = PageCache(pages, common=())
    urls = [one["url"] for one in (await client.get(FILM)).json()["segments"]]
    keys = [str(pages.key_of(one, b"")) for one in urls]
    kept = [await cache.get(key) for key in keys]

    await db.act(partial(withdraw_comment, ref=ref_of(first), acting=river, now=NOON))
    await db.act(partial(post, by=river, site=NOTEBOOK, key="film", text="In the thread"))
    handlers = page_handlers(cache, Teller(db, client.app.streams, clock=lambda: NOON))
    for message in await db.act(partial(take, now=NOON)):
        if message.topic in handlers:
            await handlers[message.topic](message)

    assert [cache.find(key) for key in keys] == [None, kept[1]]
    with pytest.raises(SegmentSuperseded):
        await cache.get(keys[0])
