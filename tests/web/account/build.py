"""An application with the doors for accounts, a sandbox provider, and both databases."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from functools import partial
from pathlib import Path

from litestar.testing import AsyncTestClient

from gentie.actions.identity.publish_agreements import publish_agreements
from gentie.catalogue.regimes import get_regime
from gentie.kernel.actor import SERVICE
from gentie.storage.db import Database
from gentie.vault.keys import IndexKey, load_public_key, make_seal_keys
from gentie.vault.sealing import NetworkSealer
from gentie.web.access import Access
from gentie.web.account import api, archive, codes, documents, pages
from gentie.web.app import Application
from gentie.web.people import People
from tests.accounts.build import NOON
from tests.accounts.oidc import Wire
from tests.web.build import client_for

BASE = "http://gentie.test"
PASSWORD = "several plain words"
CSRF = re.compile(r'name="csrf" value="([^"]*)"')
Client = AsyncTestClient[Application]


class Place:
    """The service under test. `now` may be moved on."""

    def __init__(self, db: Database, vault: Database, folder: Path) -> None:
        self.db, self.vault, self.now = db, vault, NOON
        self.wire = Wire(clock=self.clock)
        public, self.private = folder / "keys" / "vault.pub", folder / "safe" / "vault.key"
        make_seal_keys(public, self.private)
        self.sealer = NetworkSealer(load_public_key(public), tenant="t1")
        self.people = People(
            access=Access(db, clock=self.clock, base_url=BASE),
            vault=vault,
            index_key=IndexKey(1, bytes(32)),
            sealer=self.sealer,
            tenant="t1",
            providers={"sandbox": self.wire.client()},
        )

    def clock(self) -> datetime:
        return self.now

    @asynccontextmanager
    async def client(self) -> AsyncIterator[Client]:
        """A browser: it keeps cookies."""
        regimes = [get_regime(one) for one in ("neutral", "cn-2022-final")]
        await self.db.act(
            partial(publish_agreements, regimes=regimes, acting=SERVICE, now=self.now)
        )
        async with client_for(
            self.db,
            *api.routes,
            *pages.routes,
            *archive.routes,
            *codes.routes,
            *documents.routes,
            people=self.people,
            clock=self.clock,
            authenticate=self.people.access.identify,
        ) as client:
            client.headers["origin"] = BASE
            yield client


async def sign_up_by_form(client: Client, name: str = "渡口的风", next_: str = "") -> None:
    """The browser has a session afterwards."""
    form = {"name": name, "password": PASSWORD, "next": next_}
    answer = await client.post("/account/sign-up", data=form, follow_redirects=False)
    assert answer.status_code == 303, answer.text


async def csrf_of(client: Client) -> str:
    page = await client.get("/account/me")
    found = CSRF.search(page.text)
    assert found, page.text
    return found.group(1)
