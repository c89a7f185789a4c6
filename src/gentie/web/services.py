"""What doors are given. Each field is a dependency under its own name."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, fields
from functools import cache
from operator import attrgetter
from typing import Any, Final

from litestar.connection import ASGIConnection
from litestar.di import Provide
from litestar.types import Scope
from prometheus_client import CollectorRegistry

from gentie.kernel.actor import ANYONE, Actor
from gentie.kernel.clock import Clock, utc_now
from gentie.ledger.key import PublicLog
from gentie.pages.figures import Figures
from gentie.pages.model import PageSource
from gentie.pages.streams import Streams
from gentie.screening.pipeline import CompiledRules, compile_rules
from gentie.screening.rules import BUILT_IN
from gentie.storage.db import Database
from gentie.web.attaching import Attaching
from gentie.web.mailing import Mailing
from gentie.web.network import Network
from gentie.web.people import People

Connection = ASGIConnection[Any, Any, Any, Any]
Authenticate = Callable[[Connection], Awaitable[Actor]]
"""Says who is asking. Raises Refusal: the credentials are there and no good."""
GIVEN: Final = "gentie.services"
"""Under this name a request carries the services of the application that it came in by."""
Probe = Callable[[], bool]
RulesInForce = Callable[[], CompiledRules]
"""The screening rules in force, asked for anew for each text."""


async def nobody(connection: Connection) -> Actor:
    """Everybody is a stranger."""
    return ANYONE


@cache
def built_in() -> CompiledRules:
    """The screening rules that came with the release."""
    return compile_rules(BUILT_IN, now=utc_now())


@dataclass(frozen=True, kw_only=True)
class Services:
    """Made once in `gentie.main`, and by `tests.web.build.a_services`."""

    db: Database
    rules: RulesInForce = built_in
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
    mailing: Mailing | None = None
    """Seals addresses for mail. None: no mail is sent from here."""
    network: Network | None = None
    """Seals where requests come from. None: nothing about that is kept."""
    attaching: Attaching | None = None
    """Where pictures, audio and video lie. None: none are taken here."""
    media_url: str = ""
    """Host of its own for media, without a slash at the end. Empty: this service's."""
    streams: Streams = field(default_factory=Streams)
    """Who follows which thread live."""
    figures: Figures = field(default_factory=Figures)
    """What was counted in the public log."""
    sources: tuple[PageSource, ...] = ()
    """Who renders public pages."""
    probes: Mapping[str, Probe] = field(default_factory=dict)
    """What has to be true for us to be ready, by name."""
    log: PublicLog | None = None
    """Name and key of the public log. None: no log is signed here."""
    rate_factor: int = 1
    """Multiplies how often one account and one address may write."""
    registry: CollectorRegistry = field(default_factory=CollectorRegistry)


def given(scope: Any) -> Services:
    """The services that came with a request."""
    found: Services = scope[GIVEN]
    return found


def provided() -> dict[str, Provide]:
    """The fields as named dependencies, and all of them as `services`."""
    each = {one.name: _provide(attrgetter(one.name)) for one in fields(Services)}
    return {**each, "services": _provide(lambda services: services)}


def _provide(read: Callable[[Services], Any]) -> Provide:
    def provide(scope: Scope) -> Any:
        return read(given(scope))

    return Provide(provide, sync_to_thread=False)
