"""A provider on the wire of a test: the sandbox, and what a crooked or broken one would answer."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx

from gentie.accounts.adapters.oidc import Callback, OidcClient
from gentie.accounts.providers import Framework, Provider
from gentie.catalogue.regimes import Text
from gentie.demo.sandbox_idp import Client, ProtocolError, Sandbox
from tests.accounts.build import NOON

ISSUER = "http://idp.test/sandbox"
REDIRECT = "http://gentie.test/account/verify/callback"
TICKET = "a ticket in a browser"
FRAMEWORK = Framework(
    id="sandbox",
    levels=("low", "substantial", "high"),
    minimum="substantial",
    method="id_number",
    max_age_days=730,
)
PROVIDER = Provider(
    id="sandbox",
    title=Text(zh="沙盒", en="Sandbox"),
    issuer=ISSUER,
    client_id="gentie",
    client_secret="secret-of-the-test",
    frameworks=(FRAMEWORK,),
    sector="sandbox",
    sandbox=True,
)


class Wire:
    """Carries requests to a sandbox. `twist` changes answers by the last part of their path."""

    def __init__(self, *, clock: Callable[[], datetime] = lambda: NOON) -> None:
        client = Client(id="gentie", secret="secret-of-the-test", redirect_uri=REDIRECT)
        self.sandbox = Sandbox(ISSUER, client, clock=clock)
        self.twist: dict[str, Callable[[dict[str, Any]], Any]] = {}
        self.down = False
        self.seen: list[str] = []

    def client(self, provider: Provider = PROVIDER) -> OidcClient:
        http = httpx.AsyncClient(transport=httpx.MockTransport(self._answer))
        return OidcClient(provider, http, redirect_uri=REDIRECT)

    def consent_of(self, person: str, way_out: str) -> Callback:
        """What the browser brings back when the person is picked."""
        handle = self.sandbox.ask(dict(parse_qsl(urlsplit(way_out).query)))
        return Callback(**dict(parse_qsl(urlsplit(self.sandbox.pick(handle, person)).query)))

    def _answer(self, request: httpx.Request) -> httpx.Response:
        if self.down:
            raise httpx.ConnectError("nobody there")
        name = request.url.path.rsplit("/", 1)[1]
        self.seen.append(name)
        try:
            answer = self._ask(name, request)
        except ProtocolError as error:
            return httpx.Response(400, json={"error": error.code})
        twisted = self.twist[name](answer) if name in self.twist else answer
        return twisted if isinstance(twisted, httpx.Response) else httpx.Response(200, json=twisted)

    def _ask(self, name: str, request: httpx.Request) -> dict[str, Any]:
        authorization = request.headers.get("authorization", "")
        if name == "openid-configuration":
            return self.sandbox.discovery()
        if name == "jwks":
            return self.sandbox.keys()
        if name == "userinfo":
            return self.sandbox.userinfo(authorization)
        return self.sandbox.token(dict(parse_qsl(request.content.decode())), authorization)
