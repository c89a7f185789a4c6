"""Where a regime wants it kept who somebody is: from the real provider to the eyes of a case.

The service is composed as `gentie serve` does it, on an instance with a locked vault.
"""

import asyncio
import os
from collections.abc import AsyncIterator
from datetime import timedelta
from functools import partial
from pathlib import Path
from urllib.parse import urlencode

import httpx
import msgspec
import pytest

from gentie.accounts.model import Role
from gentie.catalogue.regimes import Regime, get_regime
from gentie.kernel.clock import utc_now
from gentie.main.instance import Instance
from gentie.main.people import people_of
from gentie.pages import vaulting
from gentie.vault import queries
from gentie.vault.model import Field
from tests.clauses.test_identity_vault import account_of, person_of, send
from tests.cli.test_vault import as_serving_user, attack, lock, told
from tests.oidc.provider import browse, trusted
from tests.oidc.provider import installed as installed  # noqa: PLC0414 a fixture
from tests.oidc.provider import issuer as issuer  # noqa: PLC0414 a fixture
from tests.vault.test_keepers import PHRASES
from tests.web.account.build import BASE, csrf_of
from tests.whole import Client, Whole
from tests.whole import quick_hashes as quick_hashes  # noqa: PLC0414 a fixture

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("quick_hashes", "asked_to_keep")]
KEEPS = {"name": "given_name", "id_number": "national_id"}
BACK = "/t/daily/article"
NOWHERE = "http://127.0.0.1:1"
OPEN = ("vault", "open", "--officer", "tao", "--officer", "lin")


@pytest.fixture
def asked_to_keep(monkeypatch: pytest.MonkeyPatch) -> None:
    """No regime that we ship asks for it."""

    def asking(regime: str) -> Regime:
        found = get_regime(regime)
        identity = msgspec.structs.replace(found.identity, vaulted=found.identity.required)
        return msgspec.structs.replace(found, identity=identity)

    monkeypatch.setattr(vaulting, "get_regime", asking)


@pytest.fixture
async def http() -> AsyncIterator[httpx.AsyncClient]:
    """Keeps no connection: each browser has a loop of its own, which ends with it."""
    async with httpx.AsyncClient(limits=httpx.Limits(max_keepalive_connections=0)) as http:
        yield http


@pytest.fixture
async def served(tmp_path: Path, http: httpx.AsyncClient, issuer: str) -> AsyncIterator[Whole]:
    instance = Instance(data=tmp_path / "news", base_url=BASE)
    instance.migrate()
    assert lock(instance.settings.data).exit_code == 0
    db, vault = instance.open_database(), instance.open_database("vault")
    served = Whole(db, vault, tmp_path / "beside")
    served.now = utc_now()  # the real provider and the command look at the real clock
    served.people = people_of(
        instance.settings,
        db,
        vault,
        http,
        clock=served.clock,
        more=[
            trusted(issuer, keeps=KEEPS),
            trusted(issuer, id="nameless"),
            trusted(NOWHERE, id="away", keeps=KEEPS),
        ],
    )
    await served.open()
    yield served
    await db.close()
    await vault.close()


async def go(web: Client, provider: str = "sandbox") -> httpx.Response:
    form = {"provider": provider, "consent": "yes", "next": BACK, "csrf": await csrf_of(web)}
    return await web.post("/account/verify", data=form)


async def verify(web: Client, issuer: str, person: str) -> tuple[str, httpx.Response]:
    """Where the browser came back to, and what it was told there."""
    page = await go(web)
    assert page.status_code == 200, page.text
    callback = await browse(issuer, person, page.headers["refresh"].partition("url=")[2])
    query = {name: getattr(callback, name) for name in ("state", "code", "iss")}
    back = f"/account/verify/callback?{urlencode(query)}"
    return back, await web.get(back, follow_redirects=False)


async def newcomer(served: Whole, web: Client, name: str) -> None:
    web.cookies.clear()
    await served.sign_up(web, name)
    await served.enter(web, name)


async def ticket_for(served: Whole, desk: Client, account: str) -> str:
    """Compliance asks for the name, two others approve, and compliance takes the ticket."""
    staff = {}
    for name, role in {
        "Asker": Role.COMPLIANCE,
        "Chief": Role.CHIEF_EDITOR,
        "Admin": Role.ADMIN,
    }.items():
        await served.employ(name, role)
        staff[name] = await served.on_duty(desk, name)
    term = f"{served.now + timedelta(days=3):%Y-%m-%dT%H:%M}"
    asked = {"case": "2026-117", "basis": "CPL art. 54", "account": account, "ends_at": term}
    await send(served, desk, staff["Asker"], "", asked | {"field-name": "yes"})
    ((one, _),) = await served.db.read(queries.all_disclosures)
    for who in ("Chief", "Admin"):
        await send(served, desk, staff[who], "/answer", {"disclosure": one.id, "answer": "yes"})
    page = await send(served, desk, staff["Asker"], "/ticket", {"disclosure": one.id})
    return page.partition("<code>")[2].partition("</code>")[0]


@pytest.mark.clause("2017-5.1a", "2017-5.1b", "2017-5.2a", "2022-4.1a", "2022-4.2a")
async def test_what_the_provider_says_is_sealed_and_opened_for_a_case_only(
    served: Whole, issuer: str, tmp_path: Path
) -> None:
    async with served.browser() as web:
        await newcomer(served, web, "River")
        promised = await web.get("/account/verify")
        back, answer = await verify(web, issuer, "alice")
        again = await web.get(back, follow_redirects=False)
        mine = await web.get("/account/identity")
        account = await account_of(web, {})
        person = await person_of(served, account)
        async with served.browser() as desk:
            ticket = await ticket_for(served, desk, account)
    kept = await served.vault.read(partial(queries.fields_kept, person=person))
    rows = str(await served.rows())

    assert answer.headers["location"] == BACK, answer.text
    assert again.status_code == 400, "a callback counts once"
    for page in (promised, mine):
        assert "Your name, sealed" in page.text
        assert "The number of your identity document, sealed" in page.text
    assert sorted(kept) == [Field.ID_NUMBER, Field.NAME]
    for secret in ("Alice", "N-sector-alice", "sector-alice"):
        assert secret not in rows
    with as_serving_user(tmp_path / "news"):
        assert attack(tmp_path / "news", os.environ) == []
    entered = (PHRASES["tao"], PHRASES["lin"], ticket)
    shown = await asyncio.to_thread(told, tmp_path / "news", *OPEN, lines=entered)
    assert "name: Alice" in shown.output, shown.output
    assert "N-sector-alice" not in shown.output, "only what was asked for"


@pytest.mark.parametrize("person", ["weak", "unlisted", "numberless"])
async def test_who_is_not_told_whole_is_not_verified(
    served: Whole, issuer: str, person: str
) -> None:
    async with served.browser() as web:
        await newcomer(served, web, "River")
        _, answer = await verify(web, issuer, person)
        session = await web.get("/api/v1/account/session")

    assert answer.status_code == 403
    assert session.json()["verification"] is None
    assert (await served.rows())["person_field"] == []


@pytest.mark.parametrize("provider", ["nameless", "away"])
async def test_nobody_is_sent_where_it_could_not_be_kept(served: Whole, provider: str) -> None:
    """A provider that names nobody, and one that is down: said here, and nothing is begun."""
    async with served.browser() as web:
        await newcomer(served, web, "River")
        answer = await go(web, provider)

    assert answer.status_code == 503
    assert (await served.rows())["verification_attempt"] == []
