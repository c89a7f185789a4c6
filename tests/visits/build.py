"""Ways, codes and visits for tests."""

from datetime import datetime, timedelta
from functools import partial

import msgspec

from gentie.accounts import store as accounts
from gentie.accounts.model import NewSession, SessionKind
from gentie.actions.identity.connect_site import connect_site
from gentie.actions.identity.exchange_code import exchange_code
from gentie.kernel.actor import ANYONE, Actor
from gentie.kernel.chance import new_secret
from gentie.kernel.ids import AccountId
from gentie.storage.db import Database
from gentie.visits.model import Door, Opened, Visit, Way
from gentie.visits.rules import challenge_of
from tests.newsroom import DAILY, NOON, a_person, a_site

SERVICE = "https://comments.example"
PAGE = "https://page.example"
VERIFIER = "a-verifier-of-at-least-forty-three-characters-x"
CODE = {"verifier": VERIFIER, "origin": PAGE, "door": Door.PAGE}


def a_way(**changes: object) -> Way:
    way = Way(site=DAILY, origin=PAGE, door=Door.PAGE, challenge=challenge_of(VERIFIER))
    return msgspec.structs.replace(way, **changes)


def a_visit(**changes: object) -> Visit:
    visit = Visit(
        id="v" * 22,
        account=AccountId("a1"),
        site=DAILY,
        origin=PAGE,
        door=Door.PAGE,
        session="s1",
        access="digest",
        access_until=NOON + timedelta(minutes=10),
        refresh="digest",
        opened_at=NOON,
        ends_at=NOON + timedelta(hours=12),
        ended_at=None,
    )
    return msgspec.structs.replace(visit, **changes)


class Guest:
    """A person with a session here, on their way to a page of `daily`."""

    def __init__(self, db: Database, acting: Actor, token: str) -> None:
        self.db, self.acting, self.token = db, acting, token

    async def code(self, *, now: datetime = NOON, **way: object) -> str:
        giving = partial(connect_site, way=a_way(**way), service=SERVICE, token=self.token)
        return await self.db.act(partial(giving, acting=self.acting, now=now))

    async def exchange(
        self, code: str, *, now: datetime = NOON, **changes: object
    ) -> Opened | None:
        opening = partial(exchange_code, code=code, acting=ANYONE, now=now)
        return await self.db.act(partial(opening, **{**CODE, **changes}))

    async def visit(self, *, now: datetime = NOON) -> Opened:
        opened = await self.exchange(await self.code(now=now), now=now)
        assert opened is not None
        return opened


async def a_guest(db: Database, name: str = "River") -> Guest:
    acting = await db.act(partial(a_person, name=name))
    session = NewSession(
        token=new_secret(),
        holder=acting.id,
        kind=SessionKind.COOKIE,
        expires_at=NOON + timedelta(days=14),
    )
    await db.act(partial(accounts.add_session, session=session, now=NOON))
    return Guest(db, acting, session.token)


async def a_house(db: Database, *origins: str) -> None:
    await db.act(partial(a_site, origins=origins or (PAGE,)))
