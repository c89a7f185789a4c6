"""A page of another site, its window to ours, and the word that passes between them."""

import re
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from html import unescape
from urllib.parse import urlencode

import pytest

from gentie.visits.rules import challenge_of
from gentie.web.access import FRAME_HEADER
from tests.visits.build import PAGE, VERIFIER
from tests.web.account.build import PASSWORD
from tests.whole import Client, Whole

STATE = "a-state-of-the-page-22"


ASKED = {
    "site": "notebook",
    "origin": PAGE,
    "state": STATE,
    "code_challenge": challenge_of(VERIFIER),
    "mode": "popup",
}


API = "/api/v1"


THREAD = f"{API}/sites/notebook/threads/blog"


OTHER = f"{API}/sites/daily/threads/blog"


FIELD = re.compile(r'name="([a-z_]+)" value="([^"]*)"')


CODE = re.compile(r'data-code="([^"]*)"')


OPENER = "cross-origin-opener-policy"


FRAMED = {FRAME_HEADER: "1"}


@pytest.fixture
async def window(whole: Whole) -> AsyncIterator[Client]:
    """The window that the page opens: it has the cookies of our origin."""
    async with whole.browser() as browser:
        yield browser


@contextmanager
def nothing_kept(client: Client) -> Iterator[None]:
    """Requests of another page: the cookies of our own pages stay where they are."""
    kept = list(client.cookies.jar)
    client.cookies.clear()
    yield
    client.cookies.clear()
    for one in kept:
        client.cookies.jar.set_cookie(one)


@dataclass
class Host:
    """A page of another site: it has no cookies of ours, and names its origin."""

    client: Client
    origin: str = PAGE
    token: str = ""
    refresh: str = ""

    async def ask(self, method: str, path: str, body: object = None, **more: str) -> int:
        headers = {"origin": self.origin, **more}
        if self.token:
            headers["authorization"] = f"Bearer {self.token}"
        with nothing_kept(self.client):
            self.answer = await self.client.request(method, path, json=body, headers=headers)
        return self.answer.status_code

    async def exchange(self, code: str, verifier: str = VERIFIER) -> int:
        body = {"code": code, "code_verifier": verifier}
        status = await self.ask("POST", f"{API}/session/exchange", body)
        self._keep()
        return status

    async def renew(self, refresh: str) -> int:
        status = await self.ask("POST", f"{API}/session/renew", {"refresh": refresh})
        self._keep()
        return status

    def _keep(self) -> None:
        if self.answer.status_code == 200:
            said = self.answer.json()
            self.token, self.refresh = said["token"] or "", said["refresh"] or ""


@pytest.fixture
def host(window: Client) -> Host:
    return Host(window)


def address(**changes: str) -> str:
    return f"/account/connect?{urlencode({**ASKED, **changes})}"


async def a_member(window: Client, name: str = "harbour light") -> None:
    """Signed up, and the agreement accepted."""
    form = {"name": name, "password": PASSWORD, "next": "/account/agreement?regime=neutral"}
    page = await window.post("/account/sign-up", data=form)
    assert page.status_code == 200, page.text
    accepting = {**dict(FIELD.findall(page.text)), "next": "/account/me"}
    assert (await window.post("/account/agreement", data=accepting)).status_code == 200


async def answered(window: Client, answer: str = "yes", **changes: str) -> str:
    """The page that hands the answer over."""
    page = await window.get(address(**changes))
    assert page.status_code == 200, page.text
    form = page.text.partition('action="/account/connect"')[2].partition("</form>")[0]
    fields = {name: unescape(said) for name, said in FIELD.findall(form)}
    page = await window.post("/account/connect", data={**fields, "answer": answer})
    assert page.status_code == 200, page.text
    return page.text


async def code_for(window: Client, **changes: str) -> str:
    found = CODE.search(await answered(window, **changes))
    assert found
    return found[1]
