"""An application for tests: give it the database and what the test is about."""

from datetime import UTC, datetime
from typing import Any

from litestar.connection import ASGIConnection
from litestar.testing import AsyncTestClient
from litestar.types import ControllerRouterHandler

from gentie.kernel.actor import Actor, Kind
from gentie.kernel.ids import ActorId
from gentie.storage.db import Database
from gentie.web.app import Application, create_app
from gentie.web.services import Authenticate, Services

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)

MEMBER = Actor(id=ActorId("acc-1"), kind=Kind.ACCOUNT, scopes=frozenset({"comment:submit"}))


def as_actor(actor: Actor) -> Authenticate:
    """Everybody is `actor`."""

    async def authenticate(connection: ASGIConnection[Any, Any, Any, Any]) -> Actor:
        return actor

    return authenticate


def a_services(db: Database, **changes: Any) -> Services:
    given: dict[str, Any] = {"db": db, "clock": lambda: NOON, "base_url": "http://gentie.test"}
    return Services(**{**given, **changes})


def client_for(
    db: Database, *routes: ControllerRouterHandler, **changes: Any
) -> AsyncTestClient[Application]:
    """A client of an application with `routes`, whose services are `a_services(db, **changes)`."""
    app = create_app(a_services(db, **changes), routes)
    return client_of(app, base_url="http://gentie.test")


def client_of(app: Application, *, base_url: str) -> AsyncTestClient[Application]:
    """A client of `app` itself: what is no Litestar it would wrap, and hide."""
    client = AsyncTestClient(app, base_url=base_url, raise_server_exceptions=False)
    client.app = app
    return client
