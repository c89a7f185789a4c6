"""A newsroom behind a real application: two sites, people, and clients that speak for them."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from functools import partial
from typing import Any

import sqlalchemy as sa
from litestar import Router
from litestar.connection import ASGIConnection
from litestar.testing import AsyncTestClient

from gentie.jobs.pages import page_handlers
from gentie.kernel.actor import ANYONE, Actor
from gentie.main.pages import public_pages
from gentie.pages.telling import Teller
from gentie.storage import outbox
from gentie.storage.db import Database
from gentie.web.app import Application
from gentie.web.embed.routes import routes
from tests.newsroom import NOON, NOTEBOOK, a_site
from tests.web.build import client_for

Client = AsyncTestClient[Application]


class People:
    """Who is behind which token, as a test has set it up."""

    def __init__(self) -> None:
        self.known: dict[str, Actor] = {}

    def add(self, token: str, actor: Actor) -> dict[str, str]:
        """Headers for requests of `actor`."""
        self.known[token] = actor
        return {"authorization": f"Bearer {token}"}

    async def authenticate(self, connection: ASGIConnection[Any, Any, Any, Any]) -> Actor:
        return self.known.get(
            connection.headers.get("authorization", "").removeprefix("Bearer "), ANYONE
        )


async def open_sites(db: Database) -> None:
    await db.act(a_site)
    await db.act(partial(a_site, site=NOTEBOOK, regime="neutral"))


@asynccontextmanager
async def a_client(
    db: Database,
    known: People,
    *more: Router,
    clock: Callable[[], datetime] = lambda: NOON,
    **changes: Any,
) -> AsyncIterator[Client]:
    """A client of an application as it is served: pages in front, all doors behind."""
    given: dict[str, Any] = {
        "authenticate": known.authenticate,
        "clock": clock,
        "sources": public_pages(db, clock=clock, base_url="http://gentie.test"),
    }
    async with client_for(db, *routes, *more, **{**given, **changes}) as client:
        yield client


async def hear(client: Client, db: Database, *, now: datetime = NOON) -> list[str]:
    """Carry out every message about pages that waits, as the runner does. Returns the topics."""
    teller = Teller(db, client.app.streams, clock=lambda: now)
    handlers = page_handlers(client.app.cache, teller)
    taken = await db.act(partial(outbox.take, now=now))
    for message in taken:
        if message.topic in handlers:
            await handlers[message.topic](message)
    await db.act(partial(outbox.done, handled=taken))
    return [message.topic for message in taken]


def count(tx: sa.Connection, table: sa.Table) -> int:
    return tx.scalar(sa.select(sa.func.count()).select_from(table)) or 0
