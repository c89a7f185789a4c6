"""What doors are given. Each field is a dependency under its own name."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from litestar.connection import ASGIConnection
from litestar.di import Provide
from prometheus_client import CollectorRegistry

from gentie.kernel.actor import ANYONE, Actor
from gentie.kernel.clock import Clock, utc_now
from gentie.ledger.key import PublicLog
from gentie.pages.model import PageSource
from gentie.storage.db import Database
from gentie.web.people import People

Connection = ASGIConnection[Any, Any, Any, Any]
Authenticate = Callable[[Connection], Awaitable[Actor]]
"""Says who is asking. Raises Refusal: the credentials are there and no good."""
Probe = Callable[[], bool]


async def nobody(connection: Connection) -> Actor:
    """Everybody is a stranger."""
    return ANYONE


@dataclass(frozen=True, kw_only=True)
class Services:
    """Made once in `gentie.main`, and by `tests.web.build.a_services`."""

    db: Database
    clock: Clock = utc_now
    authenticate: Authenticate = nobody
    base_url: str = "http://127.0.0.1:8080"
    """Where people reach us: origin, without a slash at the end."""
    origins: frozenset[str] = frozenset()
    """Other origins whose pages may change things here with a bearer token."""
    security_contact: str = ""
    """Address for reports of vulnerabilities: mailto: or https:. Empty: no security.txt."""
    people: People | None = None
    """Sessions, identity providers and the vault. None: an application without accounts."""
    sources: tuple[PageSource, ...] = ()
    """Who renders public pages."""
    probes: Mapping[str, Probe] = field(default_factory=dict)
    """What has to be true for us to be ready, by name."""
    log: PublicLog | None = None
    """Name and key of the public log. None: no log is signed here."""
    registry: CollectorRegistry = field(default_factory=CollectorRegistry)

    def provided(self) -> dict[str, Provide]:
        """The fields as named dependencies."""
        return {one.name: _provide(getattr(self, one.name)) for one in fields(self)}


def _provide(value: object) -> Provide:
    return Provide(lambda: value, sync_to_thread=False)
