"""The whole service in one process: every door as composed, both databases, log, sandbox provider.

A test sends requests as browsers and programs do, and says itself when the jobs' turn has come.
"""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path
from urllib.parse import urlencode

import pytest
import sqlalchemy as sa
from litestar.testing import AsyncTestClient

from gentie.accounts import passwords
from gentie.accounts.model import Role, Staff
from gentie.accounts.passwords import hash_password
from gentie.accounts.totp import code_of, counter_at
from gentie.actions.identity.open_staff import NewStaff, open_staff
from gentie.actions.identity.publish_agreements import publish_agreements
from gentie.actions.identity.publish_rules import publish_rules
from gentie.catalogue.regimes import shipped_regimes
from gentie.jobs import leaks, leaving, mail, people, waiting
from gentie.jobs.identities import Identities
from gentie.jobs.media import Scrub, Scrubbing
from gentie.jobs.pages import page_handlers
from gentie.jobs.sequencing import sequence_once
from gentie.kernel.actor import SERVICE
from gentie.kernel.ids import SiteId
from gentie.main.compose import ROUTES
from gentie.main.pages import public_pages
from gentie.media.adapters.objects import open_objects
from gentie.media.adapters.scrubber import scrub as real_scrub
from gentie.media.adapters.spool import Spool
from gentie.media.limits import Limits
from gentie.pages.telling import Teller
from gentie.storage import outbox
from gentie.storage.db import Database
from gentie.storage.schema import metadata
from gentie.vault import blind
from gentie.vault.destroyed import Destroyed
from gentie.vault.tables import vault_metadata
from gentie.web.app import Application, create_app
from gentie.web.attaching import Attaching
from gentie.web.network import Network
from gentie.web.services import Services, built_in
from tests.actions.identity.build import ADMIN, FACTOR
from tests.ledger.build import a_signer
from tests.newsroom import DAILY, NOTEBOOK, a_site
from tests.web.account.build import BASE, PASSWORD, Place, csrf_of
from tests.web.build import client_of

Client = AsyncTestClient[Application]
LARGEST = 1 << 20
"""Bytes that one upload may have here."""
Headers = dict[str, str]
READING_ROOM, LANTERNS = SiteId("reading-room"), SiteId("lanterns")
SITES = {
    DAILY: "cn-2022-final",
    NOTEBOOK: "neutral",
    READING_ROOM: "cn-2022-draft",
    LANTERNS: "cn-2017",
}
"""One site for each regime, with threads `article` (news), `blog` and `guests`."""


class Whole(Place):
    """`now` may be moved on; nothing happens in between but what `settle` carries out."""

    def __init__(self, db: Database, vault: Database, folder: Path) -> None:
        super().__init__(db, vault, folder)
        self.folder = folder
        self.signer = a_signer(folder / "log")
        self.objects = open_objects("", folder / "media")
        self.born = ""
        """The day of birth that the sandbox says of whoever asks next, where a test lets it."""

    async def open(self) -> Application:
        """Publish the agreements, open the sites, and put the application together."""
        regimes = shipped_regimes().values()
        before = self.now - timedelta(days=30)
        publish = partial(publish_agreements, regimes=regimes, acting=SERVICE, now=before)
        await self.db.act(publish)
        await self.db.act(partial(publish_rules, acting=SERVICE, now=before))
        for site, regime in SITES.items():
            test = regime in {"cn-2017", "cn-2022-draft"}
            await self.db.act(partial(a_site, site=site, regime=regime, test=test))
        self.app = create_app(self.services(), ROUTES)
        return self.app

    def services(self) -> Services:
        key = self.people.index_key.derive("address")
        attaching = Attaching(
            objects=self.objects,
            spool=Spool(self.folder / "uploads"),
            key=self.people.index_key.derive("media"),
            largest=LARGEST,
        )
        return Services(
            db=self.db,
            clock=self.clock,
            authenticate=self.people.access.identify,
            people=self.people,
            base_url=BASE,
            log=self.signer.key.public,
            attaching=attaching,
            network=Network(self.sealer, key=key),
            sources=public_pages(self.db, clock=self.clock, base_url=BASE),
        )

    @asynccontextmanager
    async def browser(self) -> AsyncIterator[Client]:
        """It keeps cookies. The address it comes from is `testclient`."""
        async with client_of(self.app, base_url=BASE) as browser:
            browser.headers["origin"] = BASE
            yield browser

    async def settle(self) -> None:
        """Carry out every message that is due, then place and sign the leaves that wait."""
        handlers = {
            **waiting.handlers_for(self.db, clock=self.clock),
            **mail.handlers_for(self.db, clock=self.clock),
            **leaving.handlers_for(self.db, clock=self.clock),
            **leaks.handlers_for(self.db, clock=self.clock),
            **people.handlers_for(self.vault, clock=self.clock),
            **self.identities().handlers(),
            **page_handlers(self.app.cache, Teller(self.db, self.app.streams, clock=self.clock)),
        }
        while taken := await self.db.act(partial(outbox.take, now=self.now)):
            for message in taken:
                await handlers[message.topic](message)
            await self.db.act(partial(outbox.done, handled=taken))
        await sequence_once(self.db, self.signer, now=self.now)

    async def check_uploads(self, scrub: Scrub = real_scrub) -> int:
        """Have the scrubber look at all uploads that wait. Returns how many it was given."""
        scrubbing = Scrubbing(
            self.db,
            self.objects,
            Spool(self.folder / "uploads"),
            scrub,
            rules=built_in,
            limits=Limits(),
            clock=self.clock,
        )
        given = 0
        while await scrubbing.once():
            given += 1
        return given

    def identities(self) -> Identities:
        return Identities(
            self.db,
            self.vault,
            Destroyed(self.folder / "vault.destroyed"),
            bait_key=self.people.index_key.derive("bait"),
            clock=self.clock,
        )

    async def rows(self) -> dict[str, list[str]]:
        """Everything that is kept in both databases, as text, by table."""
        main = await self.db.read(partial(rows_of, tables=metadata.sorted_tables))
        vault = await self.vault.read(partial(rows_of, tables=vault_metadata.sorted_tables))
        return main | vault

    async def employ(self, name: str, role: Role) -> Staff:
        """Somebody who works here, with `PASSWORD` and the second factor `FACTOR`."""
        new = NewStaff(name=name, role=role, stored=hash_password(PASSWORD), factor=FACTOR)
        opening = partial(open_staff, new=new, factor_key=self.people.factor_key, acting=ADMIN)
        return await self.db.act(partial(opening, now=self.now))

    async def sign_up(self, browser: Client, name: str) -> Headers:
        """A new account. Returns the headers of its program."""
        return await _session(browser, "sign-up", {"name": name, "password": PASSWORD})

    async def on_duty(self, browser: Client, name: str) -> Headers:
        """A staff member signs in with both factors. Each code counts once: time moves on."""
        self.now += timedelta(seconds=30)
        code = code_of(FACTOR, counter_at(self.now))
        fields = {"name": name, "password": PASSWORD, "code": code}
        return await _session(browser, "sign-in", fields)

    async def verify(self, browser: Client, person: str) -> str:
        """The signed-in browser goes to the sandbox and comes back as `person`: where it lands."""
        form = {"provider": "sandbox", "consent": "yes", "next": "/t/daily/article"}
        form["csrf"] = await csrf_of(browser)
        page = await browser.post("/account/verify", data=form)
        assert page.status_code == 200, page.text
        way_out = page.headers["refresh"].partition("url=")[2]
        back = self.wire.consent_of(person, way_out)
        query = {name: getattr(back, name) for name in ("state", "code", "iss")}
        address = f"/account/verify/callback?{urlencode(query)}"
        answer = await browser.get(address, follow_redirects=False)
        return str(answer.headers.get("location", answer.text))

    async def a_commenter(self, browser: Client, name: str, person: str) -> Headers:
        """Signed up, verified, agreements accepted. Returns the headers of their program."""
        bearer = await self.sign_up(browser, name)
        await self.enter(browser, name)
        await self.verify(browser, person)
        for regime in SITES.values():
            await accept(browser, bearer, regime)
        browser.cookies.clear()
        return bearer

    async def enter(self, browser: Client, name: str) -> None:
        """The browser has a session afterwards."""
        form = {"name": name, "password": PASSWORD}
        answer = await browser.post("/account/sign-in", data=form, follow_redirects=False)
        assert answer.status_code == 303, answer.text


@pytest.fixture
def quick_hashes() -> Iterator[None]:
    """What is slow on purpose need not be slow here; `tests/actions` pays the whole price."""
    with quickly():
        yield


@contextmanager
def quickly() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        for module in (passwords, blind):
            patch.setattr(module, "MEMORY_KIB", 64)
        passwords.nobodys.cache_clear()
        yield
    passwords.nobodys.cache_clear()


@pytest.fixture
async def whole(
    sqlite_db: Database, sqlite_vault: Database, tmp_path: Path, quick_hashes: None
) -> Whole:
    """Opened, on SQLite: the acts are tested on both engines."""
    whole = Whole(sqlite_db, sqlite_vault, tmp_path)
    await whole.open()
    return whole


async def accept(browser: Client, bearer: Headers, regime: str) -> None:
    """Read the agreement in force, and accept the version that was read."""
    path = "/api/v1/account/agreement"
    read = await browser.get(path, params={"regime": regime}, headers=bearer)
    said = {"regime": regime, "version": read.json()["version"]}
    answer = await browser.post(path, json=said, headers=bearer)
    assert answer.status_code == 201, answer.text


def rows_of(tx: sa.Connection, tables: list[sa.Table]) -> dict[str, list[str]]:
    return {
        one.name: sorted(str(tuple(row)) for row in tx.execute(sa.select(one))) for one in tables
    }


async def _session(browser: Client, door: str, fields: Headers) -> Headers:
    answer = await browser.post(f"/api/v1/account/{door}", json=fields)
    assert answer.status_code in {200, 201}, answer.text
    return {"authorization": f"Bearer {answer.json()['token']}"}
