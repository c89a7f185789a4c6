"""A newsroom behind the doors of the desk: whoever is named in a header is asking."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

import msgspec
import sqlalchemy as sa
from litestar.connection import ASGIConnection
from litestar.testing import AsyncTestClient

from gentie.actions.posting.routing import Submitted
from gentie.kernel.actor import ANYONE, Actor
from gentie.kernel.ids import SiteId
from gentie.review.queries import queue
from gentie.screening.model import Outcome
from gentie.storage.db import Database
from gentie.web.app import Application
from gentie.web.console import api, pages
from tests.newsroom import ANN, BEN, CLEO, DAILY, NOON, a_person, a_site, found, post, staff
from tests.web.build import client_for

Client = AsyncTestClient[Application]
SPAM = {"class": "spam", "facts": "A shop's address", "message": "No advertising, please."}


class Room(msgspec.Struct, frozen=True):
    """Two comments that wait under the article, and who works there."""

    author: Actor
    first: Submitted
    second: Submitted
    items: tuple[str, str]
    people: dict[str, Actor]


def open_room(tx: sa.Connection, *, now: datetime = NOON) -> Room:
    a_site(tx)
    a_site(tx, SiteId("notebook"), regime="neutral")
    author = a_person(tx)
    verdict = found(Outcome.HOLD)
    first = post(tx, author, text="Buy at my shop", site=DAILY, key="article", verdict=verdict)
    second = post(tx, author, text="Are bikes allowed?", site=DAILY, key="article")
    ann, ben, cleo = staff(tx, ANN, BEN, CLEO)
    one, two = (item.id for item in queue(tx, DAILY))
    people = {"ann": ann, "ben": ben, "cleo": cleo, "author": author}
    return Room(author, first, second, (one, two), people)


@asynccontextmanager
async def desk_of(db: Database, room: Room, **changes: Any) -> AsyncIterator[Client]:
    """A client of API and console. The header `x-who` says which of the room's people it is."""

    async def authenticate(connection: ASGIConnection[Any, Any, Any, Any]) -> Actor:
        return room.people.get(connection.headers.get("x-who", ""), ANYONE)

    given = {"authenticate": authenticate, "clock": lambda: NOON, **changes}
    async with client_for(db, *api.routes, *pages.routes, **given) as client:
        client.headers["x-who"] = "ann"
        yield client
