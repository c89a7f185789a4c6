"""Films of the demo on a page of another site, and acts beside the demo that change them."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from functools import partial
from typing import Any, TypeVar

import sqlalchemy as sa
from playwright.sync_api import Locator, Page

from gentie.accounts.queries import all_staff
from gentie.accounts.roles import actor_of_account, actor_of_staff
from gentie.accounts.tables import accounts
from gentie.actions.moderation.claim_item import claim_item
from gentie.actions.moderation.decide_item import Opinion, decide_item
from gentie.actions.moderation.take_effect import take_effect
from gentie.actions.operations.declare_stream import declare_stream
from gentie.actions.operations.declare_thread import declare_thread
from gentie.danmaku.model import Stream, StreamKind
from gentie.decisions.model import Measure
from gentie.kernel.actor import SERVICE, Actor
from gentie.kernel.clock import utc_now
from gentie.kernel.ids import AccountId, CommentRef
from gentie.review.queries import find_on
from gentie.sites.model import Declaration, Mode, ThreadClass
from gentie.storage.db import Database
from tests.danmaku.build import a_line
from tests.demo_newsroom import DemoServer
from tests.newsroom import DAILY, OPERATOR

T = TypeVar("T")
LOOK = """() => {
  const root = document.querySelector("gentie-danmaku").shadowRoot;
  const screen = root.querySelector("gentie-dm-screen");
  return {
    rows: [...root.querySelectorAll(".lines li")].map((row) => row.id.slice(3)),
    count: Number(root.querySelector(".n").dataset.count),
    shown: screen.layer ? screen.layer.ids : [],
  };
}"""
HEARS = """() => document.querySelector("gentie-danmaku").shadowRoot
  ?.querySelector("gentie-dm-screen")?.feed.greeted"""
PLAYS = """() => { const video = document.querySelector("video"); video.muted = true;
  return video.play(); }"""
MOVES = """() => { const video = document.querySelector("video");
  return !video.paused && video.readyState > 2
    && document.querySelector(".gentie-danmaku-layer")?.offsetWidth > 0; }"""


class Beside:
    """What others do while a page is open: acts on the database of the demo that runs."""

    def __init__(self, demo: DemoServer) -> None:
        self._url = f"sqlite:///{demo.data}/gentie.db"
        self.me = self.act(partial(_account_named, name=demo.people["commenter"]["name"]))

    def act(self, body: Callable[[sa.Connection], T]) -> T:
        async def once() -> T:
            db = Database(self._url)
            try:
                return await db.act(body)
            finally:
                await db.close()

        with ThreadPoolExecutor(1) as pool:  # the browser's driver has the loop of this thread
            return pool.submit(lambda: asyncio.run(once())).result()

    def film(self, key: str, *, mode: Mode = Mode.POST, live: bool = False) -> None:
        """A video of the daily with nothing over it yet."""
        now = utc_now()
        said = Declaration(
            title=f"Film {key}",
            url=f"https://page.example/{key}",
            kind=ThreadClass.VIDEO,
            mode=mode,
            owner="",
        )
        began = now - timedelta(minutes=5)
        stream = Stream(kind=StreamKind.LIVE, started_at=began, delay=timedelta(seconds=30))

        def body(tx: sa.Connection) -> None:
            declare_thread(tx, DAILY, key, said, acting=OPERATOR, now=now)
            if live:
                declare_stream(tx, DAILY, key, stream, acting=OPERATOR, now=now)

        self.act(body)

    def lines(self, key: str, *texts: str, t_ms: int | None = None, by: str = "") -> list[str]:
        """Said in one moment by somebody of that name, or the commenter. Returns their ids."""
        who = self.act(partial(_account_named, name=by)) if by else self.me
        line = partial(a_line, by=who, site=DAILY, key=key, t_ms=t_ms, now=utc_now())
        return self.act(lambda tx: [line(tx, text=text).id for text in texts])

    def decide(self, line: str, measure: Measure) -> str:
        """By a moderator; what is refused has had its time to be undone. Returns the decision."""
        return self.act(
            partial(_decide, ref=CommentRef.parse(line), measure=measure, now=utc_now())
        )


def _account_named(tx: sa.Connection, name: str) -> Actor:
    found = tx.scalar(sa.select(accounts.c.account_id).where(accounts.c.name == name))
    return actor_of_account(AccountId(str(found)))


def _decide(tx: sa.Connection, ref: CommentRef, measure: Measure, now: datetime) -> str:
    item = find_on(tx, ref)
    assert item is not None
    judge = next(one for one in all_staff(tx) if one.role == "moderator" and one.active)
    version = claim_item(tx, item.id, acting=actor_of_staff(judge), now=now).version
    opinion = Opinion(
        measure=measure,
        version=version,
        class_id="" if measure is Measure.PUBLISH else "spam",
        facts="An advertisement.",
        message="No advertising over the picture.",
    )
    decide_item(tx, item.id, opinion, acting=actor_of_staff(judge), now=now - timedelta(minutes=1))
    return take_effect(tx, item.id, acting=SERVICE, now=now) or ""


def look(page: Page) -> dict[str, Any]:
    found: dict[str, Any] = page.evaluate(LOOK)
    return found


def row(page: Page, line: str) -> Locator:
    return page.locator(f"gentie-dm-transcript [id='dm-{line}']")
